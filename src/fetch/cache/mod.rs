//! What was fetched, kept on disk (feature `store`): one file for each resource.
//!
//! A file is written beside its place, brought to the disk, and then moved there in one step. So a process that is
//! killed, or a computer that loses its power, leaves the old entry or the new one; several processes may use a folder
//! at once. Each file begins with a digest of the rest, and one that does not fit counts as not there: what is lost is
//! fetched again.

mod entry;

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::kept::{Cache, CacheError, Kept};
use crate::encoding::base64url;
use crate::limits;
use crate::verify::Resource;

/// How the name of a file ends that is not in its place yet.
const UNFINISHED: &str = ".new";

/// After that time nobody is writing it any more.
const ABANDONED: Duration = Duration::from_secs(600);

/// A folder that remembers what was fetched.
#[derive(Debug)]
pub struct DiskCache {
    folder: PathBuf,
    most_bytes: u64,
    most_entries: usize,
    /// What is in the folder, as far as this process knows: bytes, and files.
    size: Mutex<(u64, usize)>,
}

impl DiskCache {
    /// Opens the folder, or makes it, for its owner alone.
    ///
    /// # Errors
    /// [`CacheError::Unwritable`].
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, CacheError> {
        Self::bounded(folder, limits::CACHE_BYTES, limits::CACHE_ENTRIES)
    }

    /// The same with bounds of the caller's own, which are never above those of [`limits`].
    ///
    /// # Errors
    /// [`CacheError::Unwritable`].
    pub fn bounded(folder: impl Into<PathBuf>, bytes: u64, entries: usize) -> Result<Self, CacheError> {
        let folder = folder.into();
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|error| unwritable(&error))?;
        if is_open_to_others(&folder).map_err(|error| unwritable(&error))? {
            return Err(CacheError::Unwritable { reason: "others may write to the folder".to_owned() });
        }
        let cache = Self {
            folder,
            most_bytes: bytes.min(limits::CACHE_BYTES),
            most_entries: entries.clamp(1, limits::CACHE_ENTRIES),
            size: Mutex::default(),
        };
        cache.tidy().map_err(|error| unwritable(&error))?;
        Ok(cache)
    }

    fn place(&self, resource: &Resource) -> PathBuf {
        self.folder.join(entry::name_of(resource))
    }

    /// Removes what was never finished, and the oldest entries until the rest is within bounds.
    fn tidy(&self) -> io::Result<()> {
        let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for found in fs::read_dir(&self.folder)? {
            let found = found?;
            let Some((modified, bytes)) = file(&found) else { continue };
            let name = found.file_name();
            let name = name.to_str().unwrap_or_default();
            let is_abandoned = || modified.elapsed().is_ok_and(|age| age > ABANDONED);
            // What is neither is nothing of ours.
            if name.ends_with(UNFINISHED) && is_abandoned() {
                gone(fs::remove_file(found.path()))?;
            } else if entry::is_name(name) {
                kept.push((modified, bytes, found.path()));
            }
        }
        kept.sort_by_key(|(modified, ..)| *modified);
        let (mut bytes, mut count) = (kept.iter().map(|(_, bytes, _)| bytes).sum::<u64>(), kept.len());
        // Some room beyond what is needed, so that not every new entry has to look for some.
        let is_over = bytes > self.most_bytes || count > self.most_entries;
        let (bytes_after, count_after) = (self.most_bytes / 10 * 9, self.most_entries / 10 * 9);
        for (_, size, path) in &kept {
            if !is_over || (bytes <= bytes_after && count <= count_after) {
                break;
            }
            gone(fs::remove_file(path))?;
            bytes -= size;
            count -= 1;
        }
        *self.size.lock().unwrap_or_else(PoisonError::into_inner) = (bytes, count);
        Ok(())
    }

    fn write(&self, place: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut random = [0; 12];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let name = place.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let beside = self.folder.join(format!("{name}.{}{UNFINISHED}", base64url::encode(random)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let moved = options.open(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&beside, place)
        });
        if moved.is_err() {
            // The first error is the one to report.
            let _ = fs::remove_file(&beside);
        }
        moved?;
        // The name is in the folder, which has to reach the disk as well.
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }
}

impl Cache for DiskCache {
    fn get(&self, resource: &Resource) -> Result<Option<Kept>, CacheError> {
        let mut bytes = Vec::new();
        let limit = entry::MOST_BYTES + 1;
        match File::open(self.place(resource)).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
            Ok(_) => Ok(entry::read(&bytes, resource)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CacheError::Unreadable { reason: plain(&error) }),
        }
    }

    fn put(&self, resource: &Resource, kept: &Kept) -> Result<(), CacheError> {
        let bytes = entry::write(resource, kept);
        self.write(&self.place(resource), &bytes).map_err(|error| unwritable(&error))?;
        let is_over = {
            let mut size = self.size.lock().unwrap_or_else(PoisonError::into_inner);
            // What it replaced is counted twice until the next look.
            *size = (size.0.saturating_add(bytes.len() as u64), size.1 + 1);
            size.0 > self.most_bytes || size.1 > self.most_entries
        };
        if is_over { self.tidy().map_err(|error| unwritable(&error)) } else { Ok(()) }
    }

    fn remove(&self, resource: &Resource) -> Result<(), CacheError> {
        gone(fs::remove_file(self.place(resource))).map_err(|error| unwritable(&error))
    }
}

/// Whoever can write there could plant documents in others' names.
#[cfg(unix)]
fn is_open_to_others(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(folder)?.permissions().mode() & 0o022 != 0)
}

/// Whoever can write there could plant documents in others' names; here the folder of the user's profile keeps them out.
#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// When a regular file was written, and its size.
fn file(found: &DirEntry) -> Option<(SystemTime, u64)> {
    let metadata = found.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Another process may have removed it just before.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn unwritable(error: &io::Error) -> CacheError {
    CacheError::Unwritable { reason: plain(error) }
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "access is denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "there is a file where the folder should be".to_owned()
        }
        _ => error.to_string(),
    }
}
