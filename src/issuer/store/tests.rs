//! What every store keeps, held to both.

use super::*;

fn batch(pairs: &[(&str, &[u8])]) -> Batch {
    let written = pairs.iter().map(|(key, value)| ((*key).to_owned(), value.to_vec())).collect();
    Batch { expected: Vec::new(), written }
}

fn keys(store: &dyn Store, prefix: &str, after: Option<&str>, limit: usize) -> Vec<String> {
    store.page(prefix, after, limit).unwrap().into_iter().map(|(key, _)| key).collect()
}

/// The contract of [`Store`].
fn holds(store: &dyn Store) {
    assert_eq!(store.get("a"), Ok(None));
    assert_eq!(store.page("", None, 9), Ok(Vec::new()));
    store.commit(batch(&[("a/2", b"2"), ("a/1", b"1"), ("b", b"b"), ("a", b"0"), ("a/10", b"10")])).unwrap();
    assert_eq!(store.get("a/1"), Ok(Some(b"1".to_vec())));
    assert_eq!(keys(store, "a/", None, 9), ["a/1", "a/10", "a/2"]);
    assert_eq!(keys(store, "a/", None, 2), ["a/1", "a/10"]);
    assert_eq!(keys(store, "a/", Some("a/10"), 2), ["a/2"]);
    assert_eq!(keys(store, "a/", Some("a/11"), 2), ["a/2"]);
    assert_eq!(keys(store, "a/", Some("a"), 1), ["a/1"]);
    assert_eq!(keys(store, "a/", Some("a/2"), 2), [""; 0]);
    assert_eq!(keys(store, "", None, 9).len(), 5);
    assert_eq!(keys(store, "", None, 0), [""; 0]);

    let mut taken = Batch::default();
    taken.insert("new".to_owned(), b"x".to_vec());
    taken.insert("b".to_owned(), b"x".to_vec());
    assert_eq!(store.commit(taken), Err(StoreError::Conflict));
    assert_eq!(store.get("new"), Ok(None), "a batch that is refused leaves nothing");
    let mut outdated = Batch::default();
    outdated.replace("b".to_owned(), b"other".to_vec(), b"x".to_vec());
    assert_eq!(store.commit(outdated), Err(StoreError::Conflict));
    let mut fresh = Batch::default();
    fresh.replace("b".to_owned(), b"b".to_vec(), Vec::new());
    store.commit(fresh).unwrap();
    assert_eq!(store.get("b"), Ok(Some(Vec::new())));
}

#[test]
fn in_memory() {
    holds(&InMemory::new());
}

#[cfg(feature = "store")]
mod file {
    use std::path::PathBuf;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("attesta-store-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn in_a_folder() {
        let folder = folder("contract");
        assert_eq!(FileStore::open(&folder).err(), Some(StoreError::NotThere));
        let store = FileStore::open_or_create(&folder).unwrap();
        holds(&store);
        assert_eq!(FileStore::open(&folder).err(), Some(StoreError::InUse));
        assert_eq!(FileStore::open_or_create(&folder).err(), Some(StoreError::InUse));
        drop(store);
        let store = FileStore::open(&folder).unwrap();
        assert_eq!(store.get("a/1"), Ok(Some(b"1".to_vec())), "what was written is there when it is opened again");
        drop(store);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = folder("mode");
        drop(FileStore::open_or_create(&folder).unwrap());
        for (path, mode) in [(folder.clone(), 0o700), (folder.join("register.redb"), 0o600)] {
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, mode);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_store_is_left_alone() {
        let folder = folder("other");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("register.redb");
        std::fs::write(&file, "reference,holder\n".repeat(1000)).unwrap();
        let before = std::fs::read(&file).unwrap();
        assert_eq!(FileStore::open(&folder).err(), Some(StoreError::Damaged));
        assert_eq!(FileStore::open_or_create(&folder).err(), Some(StoreError::Damaged));
        assert_eq!(std::fs::read(&file).unwrap(), before);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
