//! Logs as long as they may be.

use super::*;
use crate::limits;

/// Entries a minute apart.
fn long(count: usize) -> Forge {
    let key = new_key();
    let mut forge = Forge::begin(&key, json!({}));
    let first = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    for minute in 1..count {
        let time = first.plus_seconds(60 * i64::try_from(minute).unwrap()).to_string();
        forge.push_with(&key, json!({}), |entry| entry["versionTime"] = time.into());
    }
    forge
}

#[test]
fn a_log_beyond_as_many_entries_as_are_read_is_refused() {
    // The number is what stops it, before anything else of that entry is looked at.
    let mut forge = long(2);
    let checkpoint = forge.verify().unwrap().checkpoint();
    let mut json = checkpoint.to_json();
    let last = limits::LOG_ENTRIES;
    json.insert("versionId".to_owned(), format!("{last}{}", &forge.id(2)[1..]).into());
    let checkpoint = Checkpoint::parse(Value::from(json).to_string().as_bytes()).unwrap();
    forge.entries.remove(0);
    let resumed = Log::resume(&forge.did(), &checkpoint, forge.text().as_bytes(), None, now());
    assert_eq!(resumed.unwrap_err(), WebvhError::TooManyEntries { limit: last });
}

#[test]
fn checking_takes_time_that_grows_with_the_length() {
    let time = |count: usize| {
        let forge = long(count);
        let (did, text) = (forge.did(), forge.text());
        (0..3)
            .map(|_| {
                let start = std::time::Instant::now();
                assert_eq!(Log::verify(&did, text.as_bytes(), None, now()).unwrap().versions().len(), count);
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    let (short, longer) = (time(50), time(800));
    // 16 times as many; if each entry looked at all the others, it would be 256 times the time.
    assert!(longer < short * 100, "{short:?} and {longer:?}");
}
