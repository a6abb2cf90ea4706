//! `attesta status` and `attesta revoke`: an issuer's status lists, and what they say of each credential.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::encoding::json::Value;
use attesta::issuer::{Change, StatusList};
use attesta::keys::{Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::status::{Purpose, bitstring};
use attesta::verify::Days;

use crate::did::own_key;
use crate::output::{self, Misuse};
use crate::store::{self, Opened};
use crate::{files, issue};

/// How long a published list is valid unless somebody says otherwise.
const DEFAULT_DAYS: u32 = 7;

/// After how many seconds a verifier should ask for a newer list: half a day.
const TTL: u32 = 12 * 3600;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Begin a status list, in a store that is made if it is not there.
    Create(Create),
    /// Take a place in a list for one credential, and print the entry for issue --status.
    Allocate(Chosen),
    /// Say of a credential that it is valid no more, for ever.
    Revoke(Changing),
    /// Say of a credential that it is not valid for now.
    Suspend(Changing),
    /// Say of a suspended credential that it is valid again.
    Reinstate(Changing),
    /// Say of a credential that there is a newer one; it stays valid.
    Refresh(Changing),
    /// Say something else of a credential, in a list for messages.
    Message(Message),
    /// Sign a list as it is now, to be put under its URL.
    Publish(Publish),
    /// Print the digests of all that a key signed, for a compromise notice.
    Digests(Digests),
}

#[derive(clap::Args)]
pub(crate) struct Create {
    /// The folder of the store.
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// Where verifiers will fetch the list, such as https://ngo.example/status/1.
    #[arg(long)]
    url: String,
    /// The issuer's private key, as a JWK. The store remembers where the file is, and never the key.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The issuer's DID, such as did:web:ngo.example#key-1; the key's own did:key otherwise.
    #[arg(long, value_name = "DID")]
    issuer: Option<String>,
    /// The issuer's did.jsonl (did:webvh) or did.json (did:web), to find the key's name in it.
    #[arg(long, value_name = "FILE")]
    issuer_log: Option<PathBuf>,
    /// What it says of credentials: revocation, suspension, message or refresh. A token says revocation and suspension.
    #[arg(long, value_parser = purpose)]
    purpose: Option<String>,
    /// bitstring, for vc+jwt, vc+sd-jwt, vc+cose and documents with a proof; token, for dc+sd-jwt.
    #[arg(long, default_value = "bitstring", value_parser = ["bitstring", "token"])]
    format: String,
    /// How a bitstring is secured: vc+jwt, eddsa-jcs-2022, ecdsa-jcs-2019, eddsa-rdfc-2022 or ecdsa-rdfc-2019.
    #[arg(long, value_name = "FORMAT", default_value = "vc+jwt", value_parser = secured)]
    secured: Format,
    /// What a status says, in a list for messages: once for each status from 0 on, 2, 4, 8 or up to 256 times.
    #[arg(long, value_name = "TEXT")]
    message: Vec<String>,
    /// How many places it has.
    #[arg(long, value_name = "NUMBER", default_value_t = bitstring::MINIMUM_ENTRIES)]
    entries: u64,
}

#[derive(clap::Args)]
pub(crate) struct Chosen {
    /// The folder of the store.
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// The list, where the store has several.
    #[arg(long)]
    url: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Changing {
    #[command(flatten)]
    chosen: Chosen,
    /// The credential's place in the list, or the reference under which it was issued, with all its copies.
    #[arg(value_name = "INDEX|REFERENCE")]
    which: String,
}

#[derive(clap::Args)]
pub(crate) struct Message {
    #[command(flatten)]
    changing: Changing,
    /// Which of the list's messages, from 0 on.
    number: u8,
}

#[derive(clap::Args)]
pub(crate) struct Publish {
    #[command(flatten)]
    chosen: Chosen,
    /// The issuer's private key, where its file is no longer where it was, or the issuer has a new one.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The issuer's DID with the name of its new key, such as did:web:ngo.example#key-2.
    #[arg(long, value_name = "DID")]
    issuer: Option<String>,
    /// The issuer's did.jsonl (did:webvh) or did.json (did:web), to find the name of its new key in it.
    #[arg(long, value_name = "FILE")]
    issuer_log: Option<PathBuf>,
    /// For how many days it is valid; publish the next one before.
    #[arg(long, value_name = "DAYS", value_parser = issue::days)]
    valid_for: Option<Days>,
    /// Where to write the list; stdout otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct Digests {
    /// The folder of the store.
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
    /// The verification method that signed, such as did:web:ngo.example#key-1.
    #[arg(long, value_name = "DID-URL")]
    signed_by: String,
}

#[derive(clap::Args)]
pub(crate) struct Revoke {
    /// The reference that was printed when it was issued, or your own: a guarantee's reference, a licence's number.
    reference: String,
    /// The folder of the store.
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
}

fn purpose(name: &str) -> Result<String, String> {
    match Purpose::from_name(name) {
        Purpose::Other(_) => Err("the purposes are revocation, suspension, message and refresh".to_owned()),
        known => Ok(known.name().to_owned()),
    }
}

fn secured(name: &str) -> Result<Format, String> {
    let format = Format::from_name(name).filter(|format| !format.can_hide() && !format.is_binary());
    format.ok_or_else(|| "a list is secured as vc+jwt or with a Data Integrity suite such as eddsa-jcs-2022".to_owned())
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Misuse> {
    match command {
        Command::Create(arguments) => create(arguments),
        Command::Allocate(chosen) => allocate(chosen),
        Command::Revoke(arguments) => change(arguments, Change::Revoke),
        Command::Suspend(arguments) => change(arguments, Change::Suspend),
        Command::Reinstate(arguments) => change(arguments, Change::Reinstate),
        Command::Refresh(arguments) => change(arguments, Change::Refresh),
        Command::Message(arguments) => change(&arguments.changing, Change::Message(arguments.number)),
        Command::Publish(arguments) => publish(arguments),
        Command::Digests(arguments) => digests(arguments),
    }
}

pub(crate) fn revoke(arguments: &Revoke) -> Result<ExitCode, Misuse> {
    change_reference(&Opened::open(&arguments.store)?, &arguments.store, &arguments.reference, Change::Revoke)
}

fn create(arguments: &Create) -> Result<ExitCode, Misuse> {
    let key = files::read_key(&arguments.key)?;
    let did = name_of_key(arguments.issuer.as_deref(), arguments.issuer_log.as_deref(), &key)?;
    let issuer = issue::in_name_of(did.as_deref(), &key)?;
    let list = match (arguments.format.as_str(), &arguments.purpose) {
        ("token", Some(_)) => {
            return Err(Misuse::new(
                "a Token Status List has no purpose of its own: it can revoke and suspend",
                "Leave out --purpose.",
            ));
        }
        ("token", None) if arguments.message.is_empty() => StatusList::token(&arguments.url, issuer.id()),
        ("bitstring", Some(purpose)) if purpose == "message" && !arguments.message.is_empty() => {
            let messages: Vec<&str> = arguments.message.iter().map(String::as_str).collect();
            let list = StatusList::of_messages(&arguments.url, issuer.id(), &messages);
            let list = list.ok_or_else(|| {
                Misuse::new(
                    format_args!("there are {} messages, and 2, 4, 8, 16, 32, 64, 128 or 256 are possible", messages.len()),
                    "Give --message for each status, with a text such as \"undefined\" for those that have no meaning yet.",
                )
            })?;
            list.format(arguments.secured)
        }
        _ if !arguments.message.is_empty() => {
            return Err(Misuse::new(
                "only a list for messages has messages",
                "Give --purpose message, or leave out --message.",
            ));
        }
        (_, purpose) => {
            let purpose = purpose.as_deref().map_or(Purpose::Revocation, Purpose::from_name);
            StatusList::bitstring(&arguments.url, issuer.id(), purpose).format(arguments.secured)
        }
    };
    // By its whole name, so that it is found from any folder.
    let name = std::fs::canonicalize(&arguments.key).unwrap_or_else(|_| arguments.key.clone());
    let list = list.entries(arguments.entries).key_name(&key_name(&name, did.as_deref(), &key)?);
    let opened = Opened::open_or_create(&arguments.store)?;
    let list = opened.register()?.create_list(list).map_err(|error| opened.about(&error))?;
    let (store, url) = (files::name_of(&arguments.store), &list.list.url);
    output::say(&format!(
        "{store} has {} now, with {} places, none of them taken.\nTo issue with it: attesta issue ... --store {store}\n\
         Publish it before the first credential is shown: {}",
        store::in_words(&list),
        list.list.entries,
        to_publish(&store, url)
    ));
    Ok(ExitCode::from(output::SUCCESS))
}

/// The name of the key in whose name it signs, if that is not the key's own did:key.
fn name_of_key(did: Option<&str>, log: Option<&Path>, key: &SoftwareKey) -> Result<Option<String>, Misuse> {
    match log {
        Some(log) => own_key::of_issuer(log, did, &key.public_key()).map(Some),
        None => Ok(did.map(str::to_owned)),
    }
}

/// What finds the key again: its file, and the DID in whose name it signs; and by what it is known as the same.
fn key_name(file: &Path, did: Option<&str>, key: &SoftwareKey) -> Result<String, Misuse> {
    let file = file
        .to_str()
        .ok_or_else(|| Misuse::new("the name of the key's file is no text", "Give it a name of letters and digits."))?;
    Ok(serde_json::json!({ "file": file, "did": did, "thumbprint": key.public_key().thumbprint() }).to_string())
}

fn allocate(chosen: &Chosen) -> Result<ExitCode, Misuse> {
    let opened = Opened::open(&chosen.store)?;
    let list = opened.list(chosen.url.as_deref(), None)?;
    let slots = opened.register()?.allocate(&list, 1).map_err(|error| opened.about(&error))?;
    for slot in slots {
        output::print(Value::Object(slot.entry))?;
    }
    Ok(ExitCode::from(output::SUCCESS))
}

fn change(arguments: &Changing, change: Change) -> Result<ExitCode, Misuse> {
    let Changing { chosen, which } = arguments;
    let opened = Opened::open(&chosen.store)?;
    let is_index = which.len() <= 20 && !which.is_empty() && which.bytes().all(|byte| byte.is_ascii_digit());
    if !is_index {
        return change_reference(&opened, &chosen.store, which, change);
    }
    let list = opened.list(chosen.url.as_deref(), Some(change))?;
    let index = which.parse().unwrap_or(u64::MAX);
    opened.register()?.change(&list, index, change).map_err(|error| opened.about(&error))?;
    let again = published_again(&files::name_of(&chosen.store), &[list.list.url]);
    output::say(&format!("Place {index} is {}.\n{again}", in_words(change)));
    Ok(ExitCode::from(output::SUCCESS))
}

fn change_reference(opened: &Opened<'_>, store: &Path, reference: &str, change: Change) -> Result<ExitCode, Misuse> {
    let changed = opened.register()?.change_reference(reference, change).map_err(|error| opened.about(&error))?;
    let copies = match changed.copies {
        1 => "One credential is".to_owned(),
        count => format!("All {count} copies are"),
    };
    let again = published_again(&files::name_of(store), &changed.lists);
    output::say(&format!("{copies} {}.\n{again}", in_words(change)));
    Ok(ExitCode::from(output::SUCCESS))
}

fn in_words(change: Change) -> &'static str {
    match change {
        Change::Revoke => "revoked",
        Change::Suspend => "suspended",
        Change::Reinstate => "no longer suspended",
        Change::Refresh => "out of date, and there is a newer one",
        _ => "given its message",
    }
}

fn published_again(store: &str, urls: &[String]) -> String {
    let commands = urls.iter().map(|url| format!("\n  {}", to_publish(store, url)));
    format!("Verifiers learn it when the list is published again:{}", commands.collect::<String>())
}

fn to_publish(store: &str, url: &str) -> String {
    format!("attesta status publish --store {store} --url {url} --out FILE")
}

fn publish(arguments: &Publish) -> Result<ExitCode, Misuse> {
    let Publish { chosen, key, valid_for, out, .. } = arguments;
    let opened = Opened::open(&chosen.store)?;
    let list = opened.list(chosen.url.as_deref(), None)?;
    let remembered: Option<Value> = list.list.key_name.as_deref().and_then(|name| serde_json::from_str(name).ok());
    let remembered = |member: &str| remembered.as_ref()?.get(member)?.as_str();
    let Some(file) = key.clone().or_else(|| remembered("file").map(PathBuf::from)) else {
        return Err(Misuse::new(
            "--key is missing: the file with the issuer's private key",
            "Give the key with which the list was created.",
        ));
    };
    let key = files::read_key(&file)?;
    let given = name_of_key(arguments.issuer.as_deref(), arguments.issuer_log.as_deref(), &key)?;
    let is_other = remembered("thumbprint").is_some_and(|thumbprint| thumbprint != key.public_key().thumbprint());
    if let (None, Some(did), true) = (&given, remembered("did"), is_other) {
        return Err(Misuse::new(
            format_args!("{} holds another key than {did}, which signed this list before", files::name_of(&file)),
            "Say by which name the issuer's history knows it: --issuer-log did.jsonl, or --issuer DID#NAME.",
        ));
    }
    let issuer = issue::in_name_of(given.as_deref().or(remembered("did")), &key)?;
    let now = files::now()?;
    let expires = now.plus_seconds(i64::from(valid_for.unwrap_or(Days(DEFAULT_DAYS)).0) * 86_400);
    let signed = opened.register()?.publish(&list, &issuer, now, expires, TTL).map_err(|error| opened.about(&error))?;
    files::write(out.as_deref(), &signed)?;
    output::say(&format!("Put it under {}, and the next one before {}.", list.list.url, expires.date()));
    Ok(ExitCode::from(output::SUCCESS))
}

fn digests(arguments: &Digests) -> Result<ExitCode, Misuse> {
    let opened = Opened::open(&arguments.store)?;
    let digests = opened.register()?.digests(&arguments.signed_by).map_err(|error| opened.about(&error))?;
    if digests.is_empty() {
        let known: String = opened.keys()?.iter().map(|name| format!("\n    --signed-by {name}")).collect();
        let hint = match known.as_str() {
            "" => "Nothing was issued with attesta issue --store yet.".to_owned(),
            known => format!("Give one of the keys that signed what it knows:{known}"),
        };
        return Err(Misuse::new(
            format_args!("{} knows nothing that was signed by that", files::name_of(&arguments.store)),
            hint,
        ));
    }
    output::print(digests.join("\n"))?;
    Ok(ExitCode::from(output::SUCCESS))
}
