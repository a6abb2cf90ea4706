use std::fs;
use std::io;
use std::path::Path;

use redb::{Database, DatabaseError, ReadableTable, StorageError, TableDefinition, TableError};

use super::{Batch, Store, StoreError};
use crate::encoding::base64url;

const TABLE: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("register");

/// The file in a store's folder.
const FILE: &str = "register.redb";

/// A store in a folder: one file of an embedded database (`redb`), which a process has for itself while it has it open.
/// A crash at any moment leaves all that was committed and nothing else.
pub struct FileStore {
    database: Database,
}

impl FileStore {
    /// Opens the store in this folder.
    ///
    /// # Errors
    /// [`StoreError::NotThere`], [`StoreError::InUse`], [`StoreError::Damaged`], [`StoreError::Medium`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(FILE);
        if !file.is_file() {
            return Err(StoreError::NotThere);
        }
        Ok(Self { database: Database::open(file).map_err(of_database)? })
    }

    /// Opens the store in this folder, or makes it. Folder and file are for their owner alone.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_or_create(folder: &Path) -> Result<Self, StoreError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                StoreError::Medium("a file stands where the folder should be".to_owned())
            }
            _ => medium(&error),
        })?;
        if !folder.join(FILE).exists() {
            create(folder)?;
        }
        Self::open(folder)
    }
}

/// Makes an empty database under a name of its own and then gives it its place, whole: whoever is killed meanwhile
/// leaves no half of one behind, and of two who do this at once the second finds the first one's.
fn create(folder: &Path) -> Result<(), StoreError> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| StoreError::Medium("no random bits".to_owned()))?;
    let new = folder.join(format!("{FILE}.new-{}", base64url::encode(random)));
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&new).map_err(|error| medium(&error))?;
    let database = Database::builder().create_with_file_format_v3(true).create_file(file).map_err(of_database)?;
    let transaction = database.begin_write().map_err(failed)?;
    transaction.open_table(TABLE).map_err(failed)?;
    transaction.commit().map_err(failed)?;
    drop(database);
    let placed = match fs::hard_link(&new, folder.join(FILE)) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // A medium without links, such as a memory card.
        Err(_) if !folder.join(FILE).exists() => {
            return fs::rename(&new, folder.join(FILE)).map_err(|error| medium(&error));
        }
        other => other,
    };
    let removed = fs::remove_file(&new);
    // The name of a new file must survive a loss of power too; where folders cannot be synchronised, it does anyway.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    placed.and(removed).map_err(|error| medium(&error))
}

fn medium(error: &io::Error) -> StoreError {
    match error.kind() {
        // What redb says of a file that is none of its own.
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => StoreError::Damaged,
        kind => StoreError::Medium(kind.to_string()),
    }
}

fn of_storage(error: &StorageError) -> StoreError {
    match error {
        StorageError::Io(error) => medium(error),
        StorageError::PreviousIo => StoreError::Medium("an earlier error of the medium".to_owned()),
        _ => StoreError::Damaged,
    }
}

fn of_database(error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::InUse,
        DatabaseError::Storage(error) => of_storage(&error),
        _ => StoreError::Damaged,
    }
}

fn failed(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Io(error) => medium(&error),
        redb::Error::PreviousIo => of_storage(&StorageError::PreviousIo),
        _ => StoreError::Damaged,
    }
}

impl Store for FileStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let transaction = self.database.begin_read().map_err(failed)?;
        let table = match transaction.open_table(TABLE) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        Ok(table.get(key).map_err(failed)?.map(|value| value.value().to_vec()))
    }

    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let transaction = self.database.begin_read().map_err(failed)?;
        let table = match transaction.open_table(TABLE) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let start = after.filter(|after| *after >= prefix).unwrap_or(prefix);
        let mut found = Vec::new();
        for entry in table.range(start..).map_err(failed)? {
            let (key, value) = entry.map_err(failed)?;
            if Some(key.value()) == after {
                continue;
            }
            if found.len() == limit || !key.value().starts_with(prefix) {
                break;
            }
            found.push((key.value().to_owned(), value.value().to_vec()));
        }
        Ok(found)
    }

    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        // Durability::Immediate is the default: a commit returns when the medium has it.
        let transaction = self.database.begin_write().map_err(failed)?;
        {
            let mut table = transaction.open_table(TABLE).map_err(failed)?;
            for (key, expected) in &batch.expected {
                let found = table.get(key.as_str()).map_err(failed)?;
                if found.as_ref().map(redb::AccessGuard::value) != expected.as_deref() {
                    return Err(StoreError::Conflict);
                }
            }
            for (key, value) in &batch.written {
                table.insert(key.as_str(), value.as_slice()).map_err(failed)?;
            }
        }
        transaction.commit().map_err(failed)
    }
}
