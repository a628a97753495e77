//! TLS over TCP: whose certificates are good, and what is wrong with those that are not.
//!
//! Every connection shakes hands in full: sessions are not resumed, for each is a person who was never there before.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsConnector, rustls};

use super::host::{ConnectFailure, Wire};
use crate::scenario::plan::target::Trust;

/// How one server is spoken to in secret.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Tls {
    /// With the server of this name or address, over which that protocol is spoken, if it has a name here.
    ///
    /// # Errors
    /// Says why nobody could be trusted, or what is wrong with the name.
    pub(super) fn with(host: &str, trust: &Trust, protocol: Option<&str>) -> Result<Self, String> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| format!("`{host}` is no name that a certificate could be for"))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config(trust, protocol)?)), name })
    }

    /// Shakes hands over `wire`.
    pub(super) async fn shake_hands<W: Wire>(&self, wire: W) -> io::Result<TlsStream<W>> {
        self.connector.connect(self.name.clone(), wire).await
    }
}

/// How TLS is spoken with those whom `trust` is for, whoever they are, where both want to go on with that protocol, if it is named.
///
/// # Errors
/// Says why nobody could be trusted.
pub fn config(trust: &Trust, protocol: Option<&str>) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be spoken here: {error}"))?;
    let mut config = match trust {
        Trust::Machine => config.with_root_certificates(of_machine()?),
        Trust::Only { pem } => config.with_root_certificates(of_pem(pem)?),
        Trust::Anybody => config.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider))),
    }
    .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.alpn_protocols = protocol.into_iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok(config)
}

/// The authorities that this machine trusts.
fn of_machine() -> Result<RootCertStore, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    // Machines trust some relics that cannot be read: the others do.
    store.add_parsable_certificates(found.certs);
    if !store.is_empty() {
        return Ok(store);
    }
    let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
    Err(format!("this machine knows no authority whose certificates are good{why}: name one with ca_file"))
}

/// The authorities whose certificates are in `pem`.
fn of_pem(pem: &str) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let bad = |error: &dyn fmt::Display| format!("a certificate of ca_file cannot be read: {error}");
        let certificate = certificate.map_err(|error| bad(&error))?;
        store.add(certificate).map_err(|error| bad(&error))?;
    }
    Ok(store)
}

/// What went wrong with shaking hands, for a person to read.
pub(super) fn explain(error: &io::Error) -> (ConnectFailure, String) {
    let of_tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match of_tls {
        Some(rustls::Error::InvalidCertificate(why)) => {
            (ConnectFailure::Untrusted, format!("its certificate {}", what_is_wrong(why)))
        }
        Some(rustls::Error::InvalidMessage(_)) => {
            (ConnectFailure::Refused, "what answers there does not speak TLS".into())
        }
        _ => (ConnectFailure::Refused, format!("no TLS with it: {error}")),
    }
}

fn what_is_wrong(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => "is from an authority that is not trusted here".into(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".into(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet".into()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name".into()
        }
        // As when an authority was set up anew under its old name.
        CertificateError::BadSignature => "is not signed by the authority that it names".into(),
        other => format!("is not good: {other}"),
    }
}

/// Takes any certificate, of somebody who has its key.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
