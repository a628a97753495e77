//! Some thousands of plays made of those in `fuzz/seeds`: the rules hold in each. The same ones every time.

use std::path::Path;

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::stage::DIRECTION;

/// So many plays a codec.
const PLAYS: u64 = 2_000;

/// What a play grows to at the most.
const PLAY_BYTES_MAX: usize = 64 * 1024;

/// The plays to begin with, of a codec of this name.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A place between two bytes.
fn place(rng: &mut impl Rng, bytes: &[u8]) -> usize {
    rng.random_range(0..=bytes.len())
}

/// A stretch of some bytes.
fn stretch<'a>(rng: &mut impl Rng, bytes: &'a [u8]) -> &'a [u8] {
    let (one, other) = (place(rng, bytes), place(rng, bytes));
    &bytes[one.min(other)..one.max(other)]
}

/// One thing is different.
fn mutate(rng: &mut impl Rng, play: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = place(rng, play);
    let inserted = match rng.random_range(0..7) {
        0 => {
            play.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << rng.random_range(0..8));
            return;
        }
        1 => {
            let end = rng.random_range(at..=play.len().min(at + 100));
            play.drain(at..end);
            return;
        }
        2 => stretch(rng, play).to_vec(),
        3 => {
            let other = rng.random_range(0..seeds.len());
            stretch(rng, &seeds[other]).to_vec()
        }
        4 => vec![DIRECTION, b"|.*XLOE0abcdefghijk"[rng.random_range(0..19)]],
        5 => vec![rng.random(); 1 << rng.random_range(0..14)],
        _ => vec![[0, b' ', b':', b'"', b'<', b'{', b'\n', 0xFF, 0xC3][rng.random_range(0..9)]],
    };
    play.splice(at..at, inserted);
    play.truncate(PLAY_BYTES_MAX);
}

fn plays(name: &str, codec: fn(&[u8])) {
    let seeds = seeds(name);
    seeds.iter().for_each(|seed| codec(seed));
    for number in 0..PLAYS {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(number);
        let mut play = seeds[rng.random_range(0..seeds.len())].clone();
        for _ in 0..rng.random_range(1..10) {
            mutate(&mut rng, &mut play, &seeds);
        }
        if let Err(panic) = std::panic::catch_unwind(|| codec(&play)) {
            eprintln!("play {number} of {name}: {}", play.escape_ascii());
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn irc_keeps_the_rules() {
    plays("irc", super::irc);
}

#[test]
fn json_keeps_the_rules() {
    plays("json", super::json);
}

#[cfg(feature = "live")]
#[test]
fn xmpp_keeps_the_rules() {
    plays("xmpp", super::xmpp);
    plays("xmpp_frames", super::xmpp_frames);
}
