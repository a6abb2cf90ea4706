//! What was fetched and kept on disk: what comes back, what is dropped, and what survives being killed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use attesta::error::Explain as _;
use attesta::fetch::cache::DiskCache;
use attesta::fetch::{Cache as _, Kept, Validators};
use attesta::time::Timestamp;
use attesta::verify::{Resource, Source};
use common::kill;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T09:00:00.25Z").unwrap()
}

/// A folder of one test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fetch_cache-{name}"));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn document(number: usize) -> Resource {
    Resource::Document(format!("did:web:{number}.example"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|found| found.unwrap().path()).collect()
}

/// An entry with everything in it, which only the driver makes.
fn full() -> Kept {
    let validators = Validators { etag: Some("\"v1\"".to_owned()), last_modified: Some("Fri".to_owned()) };
    let mut kept = Kept::found(b"{\n\0\xff}".to_vec(), now(), Source::Fetched);
    if let Kept::Found { max_age, validators: own, .. } = &mut kept {
        (*max_age, *own) = (Some(60), validators);
    }
    kept
}

#[test]
fn what_is_kept_comes_back_as_it_was() {
    let folder = folder("back");
    let asserted = Source::Asserted { by: "https://resolver.example/".to_owned() };
    let entries = [
        (document(1), full()),
        (document(2), Kept::found("", now(), asserted)),
        (Resource::KeySet("did:web:1.example".to_owned()), Kept::found("a key set", now(), Source::Fetched)),
        (Resource::StatusList("https://a.example/../\u{e9}\n/".to_owned()), Kept::absent(410, now())),
    ];
    let cache = DiskCache::open(&folder).unwrap();
    for (resource, kept) in &entries {
        cache.put(resource, kept).unwrap();
    }
    // By the same process, and by the next.
    for cache in [&cache, &DiskCache::open(&folder).unwrap()] {
        for (resource, kept) in &entries {
            assert_eq!(cache.get(resource).unwrap().as_ref(), Some(kept));
        }
        assert_eq!(cache.get(&document(3)), Ok(None));
    }
    cache.put(&document(1), &Kept::absent(404, now())).unwrap();
    assert_eq!(cache.get(&document(1)), Ok(Some(Kept::absent(404, now()))), "replaced");
    cache.remove(&document(1)).unwrap();
    cache.remove(&document(1)).unwrap();
    assert_eq!(cache.get(&document(1)), Ok(None));
    assert_eq!(files(&folder).len(), 3);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder("private").join("in/it");
    let cache = DiskCache::open(&folder).unwrap();
    cache.put(&document(1), &full()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&files(&folder)[0])), (0o700, 0o600));
    // Nor write into it: what lies there counts as fetched.
    for open in [0o770, 0o702] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(open)).unwrap();
        assert_eq!(DiskCache::open(&folder).unwrap_err().code(), "cache.unwritable");
    }
}

#[test]
fn what_was_changed_or_cut_off_counts_as_not_there() {
    let folder = folder("damaged");
    let cache = DiskCache::open(&folder).unwrap();
    cache.put(&document(1), &full()).unwrap();
    let file = files(&folder).remove(0);
    let sound = fs::read(&file).unwrap();
    for position in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[position] ^= 1;
        fs::write(&file, &bytes).unwrap();
        assert_eq!(cache.get(&document(1)), Ok(None), "byte {position}");
        fs::write(&file, &sound[..position]).unwrap();
        assert_eq!(cache.get(&document(1)), Ok(None), "{position} bytes");
    }
    fs::write(&file, [&sound[..], b"\n"].concat()).unwrap();
    assert_eq!(cache.get(&document(1)), Ok(None), "a byte too many");
    // Sound, in the place of another.
    cache.put(&document(2), &full()).unwrap();
    let other = files(&folder).into_iter().find(|path| *path != file).unwrap();
    fs::write(&other, &sound).unwrap();
    assert_eq!(cache.get(&document(2)), Ok(None));
    fs::write(&file, &sound).unwrap();
    assert_eq!(cache.get(&document(1)), Ok(Some(full())));
}

#[test]
fn a_folder_that_is_none_is_said_so() {
    let folder = folder("none");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("file"), "").unwrap();
    let error = DiskCache::open(folder.join("file")).unwrap_err();
    assert_eq!(error.code(), "cache.unwritable");
    assert!(DiskCache::open(folder.join("file/deeper")).is_err());
    // It is taken away while it is in use.
    let cache = DiskCache::open(folder.join("sub")).unwrap();
    fs::remove_dir_all(folder.join("sub")).unwrap();
    assert_eq!(cache.get(&document(1)), Ok(None));
    assert_eq!(cache.put(&document(1), &full()).unwrap_err().code(), "cache.unwritable");
}

#[test]
fn the_oldest_make_room_and_what_is_not_ours_stays() {
    let folder = folder("bounds");
    let cache = DiskCache::bounded(&folder, 40_000, 4096).unwrap();
    fs::write(folder.join("README"), "not ours").unwrap();
    let kept = Kept::found(vec![b'a'; 1000], now(), Source::Fetched);
    for number in 0..100 {
        cache.put(&document(number), &kept).unwrap();
        thread::sleep(Duration::from_millis(2));
    }
    let bytes: u64 = files(&folder).iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!((20_000..=40_008).contains(&bytes), "{bytes}");
    assert_eq!(cache.get(&document(99)), Ok(Some(kept.clone())));
    assert_eq!(cache.get(&document(0)), Ok(None));
    assert!(folder.join("README").exists());
    // By number too; and what is there already counts.
    let cache = DiskCache::bounded(&folder, u64::MAX, 10).unwrap();
    cache.put(&document(100), &kept).unwrap();
    assert!(files(&folder).len() <= 11);
    assert_eq!(cache.get(&document(100)), Ok(Some(kept)));
}

#[test]
fn writing_the_same_again_and_again_evicts_nobody() {
    let folder = folder("again");
    let cache = DiskCache::bounded(&folder, 1_000_000, 20).unwrap();
    cache.put(&document(1), &full()).unwrap();
    for _ in 0..100 {
        cache.put(&document(2), &full()).unwrap();
    }
    assert_eq!(cache.get(&document(1)), Ok(Some(full())));
}

#[test]
fn several_may_use_it_at_once() {
    let folder = folder("several");
    thread::scope(|scope| {
        for writer in 0..4u8 {
            let folder = &folder;
            scope.spawn(move || {
                let cache = DiskCache::open(folder).unwrap();
                for round in 0..50 {
                    let kept = Kept::found(vec![writer; 500 + round], now(), Source::Fetched);
                    cache.put(&document(round % 5), &kept).unwrap();
                    let Some(Kept::Found { bytes, .. }) = cache.get(&document(round % 5)).unwrap() else {
                        panic!("what is replaced is never away");
                    };
                    assert!(bytes.iter().all(|byte| *byte == bytes[0]), "two writers' bytes are never mixed");
                }
            });
        }
    });
}

/// What the victim keeps under each number: a version, written over and over.
fn versioned(number: usize, version: usize) -> Kept {
    Kept::found(format!("{number} {version} {}", "x".repeat(3000)), now(), Source::Fetched)
}

fn version_of(number: usize, kept: &Kept) -> usize {
    let Kept::Found { bytes, .. } = kept else { panic!("{kept:?}") };
    let text = std::str::from_utf8(bytes).unwrap();
    let mut words = text.split(' ');
    assert_eq!(words.next(), Some(number.to_string().as_str()));
    let version = words.next().unwrap().parse().unwrap();
    assert_eq!(&versioned(number, version), kept, "whole");
    version
}

#[test]
fn killed_at_any_moment_it_loses_nothing_that_was_confirmed() {
    if let Some(folder) = kill::victim() {
        let cache = DiskCache::open(folder).unwrap();
        let next = |number| cache.get(&document(number)).unwrap().map_or(0, |kept| version_of(number, &kept) + 1);
        let mut versions: [usize; 8] = std::array::from_fn(next);
        for turn in 0.. {
            let number = turn % versions.len();
            cache.put(&document(number), &versioned(number, versions[number])).unwrap();
            kill::confirm(&format!("{number} {}", versions[number]));
            versions[number] += 1;
        }
    }
    let folder = folder("killed");
    let mut newest: HashMap<usize, usize> = HashMap::new();
    kill::rounds(
        "killed_at_any_moment_it_loses_nothing_that_was_confirmed",
        folder.to_str().unwrap(),
        200,
        Duration::from_millis(80),
        |round, confirmed| {
            for line in confirmed {
                let (number, version) = line.split_once(' ').unwrap();
                newest.insert(number.parse().unwrap(), version.parse().unwrap());
            }
            if newest.is_empty() {
                return;
            }
            let cache = DiskCache::open(&folder).unwrap();
            for (number, version) in &newest {
                let kept = cache.get(&document(*number)).unwrap();
                let found = kept.map(|kept| version_of(*number, &kept));
                assert!(found >= Some(*version), "round {round}: {number} is {found:?}, and {version} was confirmed");
            }
        },
    );
    assert_eq!(newest.len(), 8, "every entry was tried");
}
