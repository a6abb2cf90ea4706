//! JSON-LD documents at random: oxjsonld makes the same data set of them, or we say what would have been lost.
//!
//! 5,000 documents of a fixed seed, and as many of a fresh one; `ATTESTA_DOCUMENTS` says how many else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::error::Explain as _;
use attesta::jsonld::embedded::Embedded;
use attesta::jsonld::rdfc::{HashAlgorithm, canonicalize};
use attesta::jsonld::{Dataset, to_dataset};
use attesta_interop::dcql::Dice;
use attesta_interop::json_ld::{FAULTS, make};
use attesta_interop::rdf::{dataset, read_by_oxjsonld};

const SEED: u64 = 0x4a53_4f4e_2d4c_4431;

fn text(data: &Dataset) -> Option<String> {
    canonicalize(data, HashAlgorithm::Sha256).ok().map(|canonical| canonical.text().to_owned())
}

#[derive(Default)]
struct Tally {
    equal: usize,
    bytes: usize,
    refused: BTreeMap<String, usize>,
    dropped: BTreeMap<&'static str, usize>,
    apart: Vec<String>,
}

fn run(seed: u64) -> Tally {
    let count: usize = std::env::var("ATTESTA_DOCUMENTS").map_or(5_000, |count| count.parse().unwrap());
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    for case in 0..count {
        let made = make(&mut dice);
        let document = serde_json::to_string(&made.document).unwrap();
        let ours = to_dataset(&made.document, &Embedded);
        let theirs = read_by_oxjsonld(&document, |url| Embedded::document(url).map(|context| context.to_string()));
        match (ours, theirs, made.fault) {
            (Ok(ours), Ok(theirs), None) => {
                let [ours, theirs] = [text(&ours), text(&dataset(&theirs))];
                if ours == theirs {
                    tally.equal += 1;
                    tally.bytes += document.len();
                } else {
                    tally.apart.push(format!(
                        "{document}\n--- ours\n{}--- theirs\n{}",
                        ours.unwrap_or_default(),
                        theirs.unwrap_or_default()
                    ));
                }
            }
            (Err(error), theirs, Some(fault)) => {
                *tally.refused.entry(error.code().to_owned()).or_default() += 1;
                *tally.dropped.entry(fault).or_default() += usize::from(theirs.is_ok());
            }
            (ours, theirs, fault) => tally.apart.push(format!(
                "{document}\n--- {fault:?} ours: {:?}, theirs: {:?}",
                ours.map(|_| ()),
                theirs.map(|_| ())
            )),
        }
        if tally.apart.len() > 3 {
            println!("case {case}");
            break;
        }
    }
    println!(
        "seed {seed}: {} documents equal, {} bytes each; refused {:?}; passed by oxjsonld {:?}",
        tally.equal,
        tally.bytes / tally.equal.max(1),
        tally.refused,
        tally.dropped
    );
    tally
}

#[test]
fn all_sides_read_the_same() {
    let tally = run(SEED);
    assert!(tally.apart.is_empty(), "{}", tally.apart.join("\n\n"));
    assert!(FAULTS.iter().all(|fault| tally.dropped.contains_key(fault)), "{:?}", tally.dropped);
    let seed = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() & 0xffff_ffff).unwrap();
    let tally = run(seed);
    assert!(tally.apart.is_empty(), "{}", tally.apart.join("\n\n"));
}
