//! TLS in front of a server that does not speak it: an authority, a certificate from it, and whatever goes through.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Where TLS is spoken.
pub(crate) struct Terminator {
    /// `wss://127.0.0.1:port`.
    pub(crate) url: String,
    /// The certificate of its authority, in PEM.
    pub(crate) authority: String,
}

impl Terminator {
    /// In front of `server`, with a certificate for 127.0.0.1.
    pub(crate) fn before(server: &str) -> Self {
        Self::with(server, &CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap())
    }

    /// In front of `server` (`host:port`), with a certificate that says this. It goes with the tests.
    pub(crate) fn with(server: &str, says: &CertificateParams) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("wss://{}", listener.local_addr().unwrap());
        let mut root = CertificateParams::default();
        root.distinguished_name.push(DnType::CommonName, format!("the authority of {url}"));
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = says.signed_by(&key, &root).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let server: SocketAddr = server.parse().unwrap();
        std::thread::spawn(move || terminate(listener, &TlsAcceptor::from(Arc::new(config)), server));
        Self { url, authority: root.pem() }
    }
}

/// Passes on what comes, as long as there is something.
fn terminate(listener: TcpListener, acceptor: &TlsAcceptor, server: SocketAddr) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client who does not trust us says so, and goes.
                let Ok(mut near) = acceptor.accept(stream).await else { return };
                let mut far = TcpStream::connect(server).await.unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
}
