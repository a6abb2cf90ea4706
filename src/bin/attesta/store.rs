//! The issuer's register in a folder, as the command line opens it.

use std::collections::BTreeSet;
use std::path::Path;

use attesta::credential::{Credential, Holder, Salt};
use attesta::error::Explain;
use attesta::issuer::store::FileStore;
use attesta::issuer::{Change, CopyFor, Issuer, Record, Register, RegisterError, RegisteredList};
use attesta::securing::Format;
use attesta::status::Mechanism;

use crate::files;
use crate::output::Misuse;

/// An open store, which no other process has open at the same time.
pub(crate) struct Opened<'a> {
    folder: &'a Path,
    store: FileStore,
}

impl<'a> Opened<'a> {
    /// The store that is there.
    pub(crate) fn open(folder: &'a Path) -> Result<Self, Misuse> {
        let store = FileStore::open(folder).map_err(|error| {
            let name = files::name_of(folder);
            let hint = match error.code() {
                "store.not-there" => format!(
                    "Check its name. To begin one: attesta status create --store {name} --url URL --key issuer.jwk"
                ),
                _ => error.hint().to_owned(),
            };
            Misuse::new(format_args!("{name}: {error}"), hint)
        })?;
        Ok(Self { folder, store })
    }

    /// The store that is there, or a new one.
    pub(crate) fn open_or_create(folder: &'a Path) -> Result<Self, Misuse> {
        let store = FileStore::open_or_create(folder).map_err(|error| Misuse::about(files::name_of(folder), &error))?;
        Ok(Self { folder, store })
    }

    pub(crate) fn register(&self) -> Result<Register<'_>, Misuse> {
        Register::open(&self.store).map_err(|error| self.about(&error))
    }

    pub(crate) fn about(&self, error: &RegisterError) -> Misuse {
        Misuse::about(files::name_of(self.folder), error)
    }

    /// The list of that URL, or the only one for that purpose; any will do where there is none.
    pub(crate) fn list(&self, url: Option<&str>, change: Option<Change>) -> Result<RegisteredList, Misuse> {
        let name = files::name_of(self.folder);
        let all = self.register()?.lists().map_err(|error| self.about(&error))?;
        if let Some(url) = url {
            return all.iter().find(|list| list.list.url == url).cloned().ok_or_else(|| {
                let hint =
                    if all.is_empty() { to_create(&name, change) } else { choice(&all.iter().collect::<Vec<_>>()) };
                Misuse::new(format_args!("{name} has no list of the URL {url}"), hint)
            });
        }
        let lists: Vec<_> = all.iter().filter(|list| change.is_none_or(|change| list.takes(change))).collect();
        match (&lists[..], &all[..]) {
            // What it cannot say the register explains, by the place that was named.
            ([only], _) => Ok((*only).clone()),
            ([], [only]) => Ok(only.clone()),
            ([], _) => {
                let what = change.map_or_else(String::new, |change| format!(" for {}", purpose(change)));
                Err(Misuse::new(format_args!("{name} has no list{what}"), to_create(&name, change)))
            }
            (several, _) => {
                Err(Misuse::new(format_args!("{name} has {} lists for that", several.len()), choice(several)))
            }
        }
    }

    /// By which names the issuer's keys are known that signed what is in the register.
    pub(crate) fn keys(&self) -> Result<BTreeSet<String>, Misuse> {
        let register = self.register()?;
        let (mut names, mut after) = (BTreeSet::new(), None);
        loop {
            let page = register.records(after.as_deref(), PAGE).map_err(|error| self.about(&error))?;
            let Some(last) = page.last() else { return Ok(names) };
            after = Some(last.reference.clone());
            names.extend(page.into_iter().map(|record| record.signed_by));
        }
    }

    /// The lists in which a new credential of that format gets its places: of each purpose the newest.
    fn lists_for(&self, format: Format) -> Result<Vec<RegisteredList>, Misuse> {
        let all = self.register()?.lists().map_err(|error| self.about(&error))?;
        let mut lists: Vec<RegisteredList> = Vec::new();
        for list in all.into_iter().filter(|list| list.list.fits(format)) {
            lists.retain(|other| other.list.purpose != list.list.purpose);
            lists.push(list);
        }
        if lists.is_empty() {
            let option = if format == Format::SdJwtVc { " --format token" } else { "" };
            let name = files::name_of(self.folder);
            return Err(Misuse::new(
                format_args!("{name} has no status list for {format}"),
                format_args!("Create one: attesta status create --store {name} --url URL --key issuer.jwk{option}"),
            ));
        }
        Ok(lists)
    }

    /// Takes places for so many copies: for each copy one in each list.
    fn places(&self, format: Format, copies: usize) -> Result<Vec<Vec<attesta::encoding::json::Map>>, Misuse> {
        let register = self.register()?;
        let mut places = vec![Vec::new(); copies];
        for list in self.lists_for(format)? {
            let slots = register.allocate(&list, copies).map_err(|error| self.about(&error))?;
            places.iter_mut().zip(slots).for_each(|(places, slot)| places.push(slot.entry));
        }
        Ok(places)
    }

    /// Signs a copy for each holder, or one for nobody, each with places of its own, and remembers them before anybody
    /// gets one.
    pub(crate) fn issue(
        &self,
        issuer: &Issuer<'_>,
        draft: Credential,
        mut holders: Vec<Holder>,
        format: Format,
    ) -> Result<(Vec<String>, Record), Misuse> {
        let cannot = |error: &dyn Explain| Misuse::about("cannot issue this", error);
        let reference = reference()?;
        let places = self.places(format, holders.len().max(1))?;
        let (credentials, record) = if holders.len() > 1 {
            let recipient = |(holder, status)| Ok(CopyFor { holder, salt: Salt::random()?, status });
            let recipients: Result<Vec<CopyFor>, _> = holders.into_iter().zip(places).map(recipient).collect();
            let recipients = recipients.map_err(|error: attesta::credential::DraftError| cannot(&error))?;
            let copies =
                issuer.secure_copies(&draft, &recipients, reference, format).map_err(|error| cannot(&error))?;
            (copies.credentials, copies.record)
        } else {
            let draft = holders.pop().into_iter().fold(draft, Credential::holder);
            let draft = places.into_iter().flatten().fold(draft, Credential::status);
            let (secured, record) =
                issuer.secure_recorded(&draft, reference, format).map_err(|error| cannot(&error))?;
            (vec![secured], record)
        };
        self.register()?.record(&record).map_err(|error| self.about(&error))?;
        Ok((credentials, record))
    }
}

/// A new reference: drawn until it does not begin with `-` in base64url, which a command line would take for an option.
pub(crate) fn reference() -> Result<[u8; 16], Misuse> {
    const HYPHEN: u8 = 62;
    let mut reference = [0; 16];
    loop {
        getrandom::fill(&mut reference).map_err(|error| Misuse::new(error, "Try again in a moment."))?;
        if reference[0] >> 2 != HYPHEN {
            return Ok(reference);
        }
    }
}

/// How many records are looked at together.
const PAGE: usize = 256;
/// How many lists a message names.
const NAMED: usize = 5;

/// What a list must be for, to say that.
fn purpose(change: Change) -> &'static str {
    match change {
        Change::Revoke => "revocation",
        Change::Suspend | Change::Reinstate => "suspension",
        Change::Refresh => "refresh",
        _ => "message",
    }
}

fn to_create(store: &str, change: Option<Change>) -> String {
    let purpose = change.map_or_else(String::new, |change| format!(" --purpose {}", purpose(change)));
    format!("Create one: attesta status create --store {store} --url URL --key issuer.jwk{purpose}")
}

/// Asks which of them is meant.
fn choice(lists: &[&RegisteredList]) -> String {
    let urls = lists.iter().take(NAMED).map(|list| format!("\n    --url {}", list.list.url));
    let others = if lists.len() > NAMED { "\n    and others" } else { "" };
    format!("Say which one is meant:{}{others}", urls.collect::<String>())
}

/// The list in a few words.
pub(crate) fn in_words(list: &RegisteredList) -> String {
    match (list.list.mechanism, &list.list.purpose) {
        (Mechanism::Bitstring, Some(purpose)) => format!("a Bitstring Status List for {purpose}"),
        (mechanism, _) => format!("a {mechanism}"),
    }
}
