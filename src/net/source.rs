//! From which of this machine's own addresses connections to itself are opened.
//!
//! A connection is told apart by both its ends, and the system has some 28,000 ports for the near one: so many connections
//! from one address to one server, and no more. The loopback has sixteen million addresses.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::{TcpSocket, TcpStream};

/// Where Linux says which ports it gives out.
const PORTS: &str = "/proc/sys/net/ipv4/ip_local_port_range";
/// Addresses at the most: a server may keep something for each.
const MOST: u64 = 250;

/// The addresses, taken in turn.
#[derive(Debug)]
pub(super) struct Sources {
    addresses: u32,
    taken: AtomicU32,
}

impl Sources {
    /// As many as so many connections need, one after the other or at once.
    pub(super) fn for_connections(count: u64) -> Self {
        // Elsewhere than on Linux the loopback has one address unless somebody gives it more.
        let told = fs::read_to_string(PORTS).ok();
        Self::new(count, told.as_deref().and_then(ports))
    }

    /// A port stays taken for a while after its connection, and the last free ones take long to find: half of them are for
    /// an address.
    fn new(count: u64, ports: Option<u64>) -> Self {
        let addresses = ports.map_or(1, |ports| count.div_ceil((ports / 2).max(1)).clamp(1, MOST));
        Self { addresses: addresses as u32, taken: AtomicU32::new(0) }
    }

    /// Opens a connection.
    pub(super) async fn connect(&self, to: SocketAddr) -> io::Result<TcpStream> {
        match to {
            SocketAddr::V4(end) if end.ip().is_loopback() && self.addresses > 1 => {
                connect_from(self.next(), to).await
            }
            _ => TcpStream::connect(to).await,
        }
    }

    fn next(&self) -> Ipv4Addr {
        let turn = self.taken.fetch_add(1, Ordering::Relaxed) % self.addresses;
        Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() + turn)
    }
}

async fn connect_from(from: Ipv4Addr, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // The port is chosen on connecting, when the system knows which are free for that end: before it, one that
    // another server's connection has would be as good as taken.
    #[cfg(target_os = "linux")]
    nix::sys::socket::setsockopt(&socket, nix::sys::socket::sockopt::IpBindAddressNoPort, &true)?;
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}

/// How many ports are given out, from the first and the last of them.
fn ports(range: &str) -> Option<u64> {
    let mut ends = range.split_whitespace().map(str::parse::<u64>);
    let (first, last) = (ends.next()?.ok()?, ends.next()?.ok()?);
    (last + 1).checked_sub(first)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn as_many_addresses_as_the_ports_ask_for() {
        let addresses = |count, ports| Sources::new(count, ports).addresses;
        assert_eq!(ports("32768\t60999\n"), Some(28_232));
        assert_eq!(ports("nothing"), None);
        assert_eq!(ports("9 3"), None);
        assert_eq!(addresses(14_116, Some(28_232)), 1);
        assert_eq!(addresses(14_117, Some(28_232)), 2);
        assert_eq!(addresses(0, Some(28_232)), 1);
        assert_eq!(addresses(1 << 40, Some(1)), 250);
        assert_eq!(addresses(1 << 40, None), 1);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn connections_to_the_loopback_come_from_each_in_turn() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let end = listener.local_addr().unwrap();
        let sources = Sources::new(3, Some(2));
        let mut seen = Vec::new();
        for _ in 0..4 {
            let _near = sources.connect(end).await.unwrap();
            seen.push(listener.accept().await.unwrap().1.ip().to_string());
        }
        assert_eq!(seen, ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.1"]);
    }

    #[tokio::test]
    async fn one_address_is_the_systems_own_choice() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sources = Sources::new(10, None);
        let _near = sources.connect(listener.local_addr().unwrap()).await.unwrap();
        assert_eq!(listener.accept().await.unwrap().1.ip(), Ipv4Addr::LOCALHOST);
        assert_eq!(sources.taken.load(Ordering::Relaxed), 0);
    }
}
