//! SCRAM (RFC 5802, RFC 7677): logging in without saying the password, to a server that shows that it knows it, too.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac, pbkdf2};

/// Iterations at the most. What is usual is 4096 to 15,000, and each costs a generator as much time as the server.
const MOST_ITERATIONS: u32 = 100_000;
/// Bytes of a nonce at the most.
const LONGEST_NONCE: usize = 256;
/// That no channel is bound, which the server's answer is bound to.
const NO_CHANNEL: &str = "n,,";

/// With which hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    /// As servers name it.
    pub(super) const fn mechanism(self) -> &'static str {
        match self {
            Self::Sha1 => "SCRAM-SHA-1",
            Self::Sha256 => "SCRAM-SHA-256",
        }
    }

    const fn parts(self) -> (hmac::Algorithm, &'static digest::Algorithm, pbkdf2::Algorithm) {
        match self {
            Self::Sha1 => (
                hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
                &digest::SHA1_FOR_LEGACY_USE_ONLY,
                pbkdf2::PBKDF2_HMAC_SHA1,
            ),
            Self::Sha256 => (hmac::HMAC_SHA256, &digest::SHA256, pbkdf2::PBKDF2_HMAC_SHA256),
        }
    }
}

/// One login: the client's side.
#[derive(Clone, Debug)]
pub(super) struct Scram {
    hash: Hash,
    /// The client's first message without its head.
    first: String,
    nonce: String,
    /// What the server has to show in the end, once it is known.
    signature: Option<Vec<u8>>,
}

impl Scram {
    /// A login with a `nonce` that was never used before: printable, without commas.
    pub(super) fn new(hash: Hash, user: &str, nonce: String) -> Self {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        Self { hash, first: format!("n={user},r={nonce}"), nonce, signature: None }
    }

    pub(super) const fn mechanism(&self) -> &'static str {
        self.hash.mechanism()
    }

    /// The client's first message.
    pub(super) fn first(&self) -> String {
        format!("{NO_CHANNEL}{}", self.first)
    }

    /// The client's last message, in answer to the server's first.
    ///
    /// # Errors
    /// Says what the server got wrong, for a person to read.
    pub(super) fn answer(&mut self, challenge: &str, password: &str) -> Result<String, String> {
        if self.signature.is_some() {
            return Err("a second challenge".into());
        }
        let mut fields = challenge.split(',');
        let nonce = field(fields.next(), "r=")?;
        let salt = field(fields.next(), "s=")?;
        let iterations = field(fields.next(), "i=")?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() || nonce.len() > LONGEST_NONCE {
            return Err("a challenge with another nonce than ours and some of its own".into());
        }
        let salt = STANDARD.decode(salt).map_err(|_| "a challenge whose salt is no base64")?;
        let iterations: NonZeroU32 =
            iterations.parse().map_err(|_| "a challenge with no number of iterations")?;
        if iterations.get() > MOST_ITERATIONS {
            return Err(format!("a challenge of {iterations} iterations, more than {MOST_ITERATIONS}"));
        }

        let (hmac, digest, pbkdf2) = self.hash.parts();
        let sign = |key: &[u8], text: &[u8]| hmac::sign(&hmac::Key::new(hmac, key), text);
        let mut salted = vec![0; digest.output_len()];
        pbkdf2::derive(pbkdf2, iterations, &salt, password.as_bytes(), &mut salted);
        let client_key = sign(&salted, b"Client Key");
        let stored_key = digest::digest(digest, client_key.as_ref());
        let last = format!("c={},r={nonce}", STANDARD.encode(NO_CHANNEL));
        let exchange = format!("{},{challenge},{last}", self.first);
        let client_signature = sign(stored_key.as_ref(), exchange.as_bytes());
        let proof: Vec<u8> =
            client_key.as_ref().iter().zip(client_signature.as_ref()).map(|(key, sign)| key ^ sign).collect();
        let server_key = sign(&salted, b"Server Key");
        self.signature = Some(sign(server_key.as_ref(), exchange.as_bytes()).as_ref().to_vec());
        Ok(format!("{last},p={}", STANDARD.encode(proof)))
    }

    /// Whether the server's last message shows that it knows the password.
    ///
    /// # Errors
    /// Says what is wrong with it, for a person to read.
    pub(super) fn verify(&self, message: &str) -> Result<(), String> {
        let shown = field(message.split(',').next(), "v=")?;
        let shown = STANDARD.decode(shown).map_err(|_| "a signature that is no base64")?;
        match &self.signature {
            None => Err("it had us in before we said the password".into()),
            Some(signature) if *signature == shown => Ok(()),
            Some(_) => Err("a signature of somebody who does not know the password".into()),
        }
    }
}

fn field<'a>(field: Option<&'a str>, name: &str) -> Result<&'a str, String> {
    let value = field.and_then(|field| field.strip_prefix(name));
    value.ok_or_else(|| format!("no `{name}` where SCRAM has it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_exchange_with_sha_1() {
        // RFC 5802, 5
        let mut scram = Scram::new(Hash::Sha1, "user", "fyko+d2lbbFgONRv9qkxdawL".into());
        assert_eq!(scram.first(), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        let challenge = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
        let answer = scram.answer(challenge, "pencil").unwrap();
        assert_eq!(
            answer,
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
        );
        assert_eq!(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Ok(()));
    }

    const NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
    const CHALLENGE: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    #[test]
    fn the_published_exchange_with_sha_256() {
        // RFC 7677, 3
        let mut scram = Scram::new(Hash::Sha256, "user", NONCE.into());
        let answer = scram.answer(CHALLENGE, "pencil").unwrap();
        let proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
        assert_eq!(answer, format!("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p={proof}"));
        assert_eq!(scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), Ok(()));
        let lie = scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8=").unwrap_err();
        assert!(lie.contains("does not know"), "{lie}");
        assert!(scram.verify("e=invalid-proof").unwrap_err().contains("v="));
        assert!(scram.answer(CHALLENGE, "pencil").unwrap_err().contains("second"));
    }

    #[test]
    fn a_server_that_cheats_is_found_out() {
        let mine = format!("r={NONCE},s=AAAA,i=4096");
        let other = CHALLENGE.replace("rOpr", "rOpq");
        let endless = format!("r={NONCE}{},s=AAAA,i=4096", "x".repeat(LONGEST_NONCE));
        for (challenge, word) in [
            (CHALLENGE.replace("4096", "100001"), "100001 iterations"),
            (CHALLENGE.replace("4096", "99999999999"), "number of iterations"),
            (CHALLENGE.replace("4096", "0"), "number of iterations"),
            (mine, "nonce"),
            (other, "nonce"),
            (endless, "nonce"),
            ("m=ext,".to_owned() + CHALLENGE, "r="),
            (CHALLENGE.replace("s=W22", "s=!22"), "salt"),
            (String::new(), "r="),
        ] {
            let mut scram = Scram::new(Hash::Sha256, "user", NONCE.into());
            let why = scram.answer(&challenge, "pencil").unwrap_err();
            assert!(why.contains(word), "{challenge}: {why}");
        }
        let early = Scram::new(Hash::Sha256, "user", NONCE.into()).verify("v=AAAA").unwrap_err();
        assert!(early.contains("before"), "{early}");
    }

    #[test]
    fn marks_in_a_user_s_name_are_written_out() {
        let scram = Scram::new(Hash::Sha1, "a=b,c", "x".into());
        assert_eq!(scram.first(), "n,,n=a=3Db=2Cc,r=x");
    }
}
