//! A holder's side: who asks, what exactly would be shown, the answer.

use std::fmt;
use std::sync::Arc;

use attesta::encoding::json::Value;
use attesta::error::Explain as _;
use attesta::keys::{self, PublicKey, Signer as _};
use attesta::presentation::request::Delivery;
use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::Materials;
use attesta::wallet::{self, AskerError, ConsentError, Held};

use crate::claims::opaque_display;
use crate::material::adding;
use crate::signer::HostKey;
use crate::words::Mirror as _;
use crate::{At, AttestaError, Kind, Material, MissingResource, Signer};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AskerDescription {
    /// Whether who asks was authenticated, stands in the holder's trust list, and may ask for this.
    pub is_known: bool,
    /// The name in the holder's own trust list, never what a request or a certificate says. Of whoever is known by a
    /// certificate, that of the authority that answers for them.
    pub name: Option<String>,
    /// The subject of the certificate by which whoever asks is known, as RFC 4514 writes it:
    /// `CN=bank.example,O=Harbour Bank`. Nothing for all others.
    pub subject: Option<String>,
    /// The client identifier: the audience of the answer. Of somebody who is not known, their own word.
    pub id: String,
    /// Who asks, in a sentence for a screen.
    pub in_words: String,
    /// Where the answer goes by POST, or nothing if it is handed over by hand.
    pub response_uri: Option<String>,
    /// Until when the request may be answered, that moment excluded: seconds since 1970-01-01T00:00:00Z.
    pub expires: Option<i64>,
}

/// Whoever made a request, and what they ask for. It never changes and may be used from many threads at once.
#[derive(Debug, uniffi::Object)]
pub struct Asker {
    asker: wallet::Asker,
}

#[uniffi::export]
impl Asker {
    /// Reads a request that must come from somebody in the holder's trust lists (JSON): it is signed by whom it names, in
    /// time, and asks for no more than the list lets that party ask for. The first list that knows the party decides.
    /// Contexts among the materials count for what is shown where one of the lists pins their hash.
    ///
    /// # Errors
    /// When any of this does not hold, or a trust list or material cannot be read. Show nothing then.
    #[uniffi::constructor(default(materials))]
    pub fn known(
        request: Vec<u8>,
        trust_lists: Vec<String>,
        materials: Vec<Material>,
        at: At,
    ) -> Result<Self, AttestaError> {
        Ok(Self { asker: known(&request, &trust_lists, &materials, at)?? })
    }

    /// Reads a request without asking who made it. Such a request gets at most what is public. Only where a person
    /// decided so.
    ///
    /// # Errors
    /// When it cannot be read, or is not in time.
    #[uniffi::constructor]
    pub fn unauthenticated(request: Vec<u8>, at: At) -> Result<Self, AttestaError> {
        Ok(Self { asker: wallet::Asker::unauthenticated(&request, at.to_core()?)? })
    }

    /// Who asks.
    pub fn describe(&self) -> AskerDescription {
        let request = self.asker.request();
        AskerDescription {
            is_known: self.asker.is_known(),
            name: self.asker.name().map(str::to_owned),
            subject: self.asker.subject().map(str::to_owned),
            id: self.asker.audience().to_owned(),
            in_words: self.asker.in_words(),
            response_uri: match &request.delivery {
                Delivery::DirectPost { response_uri } => Some(response_uri.clone()),
                _ => None,
            },
            expires: request.expires.map(Timestamp::unix),
        }
    }
}

/// What must be fetched before [`Asker::known`] can say who made this request; empty where nothing would help. Only what
/// belongs to parties in the trust lists.
///
/// # Errors
/// When a trust list or material cannot be read.
#[uniffi::export]
pub fn missing_for_request(
    request: Vec<u8>,
    trust_lists: Vec<String>,
    materials: Vec<Material>,
    at: At,
) -> Result<Vec<MissingResource>, AttestaError> {
    let error = known(&request, &trust_lists, &materials, at)?.err();
    Ok(error.as_ref().and_then(AskerError::missing).and_then(MissingResource::of_core).into_iter().collect())
}

/// The outer error is the app's: what it gave beside the request cannot be read.
fn known(
    request: &[u8],
    trust_lists: &[String],
    materials: &[Material],
    at: At,
) -> Result<Result<wallet::Asker, AskerError>, AttestaError> {
    let lists = trust_lists.iter().map(|list| TrustList::parse(list.as_bytes())).collect::<Result<Vec<_>, _>>()?;
    let materials = adding(Materials::none(), materials)?;
    Ok(wallet::Asker::known_to_any(request, &lists, &materials, at.to_core()?))
}

/// A claim that would be shown.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct ShownClaim {
    /// Its JSON pointer into the credential with all that it hides.
    pub pointer: String,
    /// What it says, as JSON.
    pub value_json: String,
}

opaque_display!(ShownClaim);

/// A credential that would be shown, and exactly what of it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct ShownCredential {
    /// The name under which it was asked for.
    pub id: String,
    /// Its position among the credentials that were given.
    pub position: u32,
    /// Its kind, if it is one of the three.
    pub kind: Option<Kind>,
    /// Its types, which are always shown.
    pub types: Vec<String>,
    /// Its issuer, who is always shown.
    pub issuer: String,
    /// From when on it is valid, which is always shown: seconds since 1970-01-01T00:00:00Z.
    pub valid_from: Option<i64>,
    /// Until when it is valid, which is always shown: seconds since 1970-01-01T00:00:00Z.
    pub valid_until: Option<i64>,
    /// Every claim that whoever asks would come to know.
    pub claims: Vec<ShownClaim>,
    /// Whether more is shown than was asked for.
    pub shows_more: bool,
    /// Whether it is bound to its holder's key.
    pub is_bound: bool,
    /// The keys with one of which it is presented, as public JWKs: for these the answer needs a signer.
    pub holder_keys: Vec<String>,
}

opaque_display!(ShownCredential);

impl ShownCredential {
    fn of_core(shown: &wallet::Shown, held: &[Held]) -> Self {
        let jwk = |key: &PublicKey| Value::Object(key.to_jwk()).to_string();
        let claim = |claim: &wallet::ShownClaim| ShownClaim {
            pointer: claim.pointer().to_owned(),
            value_json: claim.value().to_string(),
        };
        Self {
            id: shown.id().to_owned(),
            position: count(shown.position()),
            kind: shown.kind().and_then(Kind::of_core),
            types: shown.types().to_vec(),
            issuer: shown.issuer().to_owned(),
            valid_from: shown.valid_from().map(Timestamp::unix),
            valid_until: shown.valid_until().map(Timestamp::unix),
            claims: shown.claims().iter().map(claim).collect(),
            shows_more: shown.shows_more(),
            is_bound: shown.is_bound(),
            holder_keys: held
                .get(shown.position())
                .map(|held| held.keys().iter().map(jwk).collect())
                .unwrap_or_default(),
        }
    }
}

/// Something that was asked for and would not be shown.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UnansweredCredential {
    /// The name under which it was asked for.
    pub id: String,
    /// The stable name of the reason, such as `consent.not-public`.
    pub code: String,
    /// The reason, in a sentence.
    pub message: String,
    /// What to do about it, in a sentence.
    pub hint: String,
}

impl From<&wallet::Unanswered> for UnansweredCredential {
    fn from(unanswered: &wallet::Unanswered) -> Self {
        let reason = &unanswered.reason;
        Self {
            id: unanswered.id.clone(),
            code: reason.code().to_owned(),
            message: reason.to_string(),
            hint: reason.hint().to_owned(),
        }
    }
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum WarningType {
    /// Nobody knows who asks.
    Unauthenticated,
    /// The format cannot hide anything: all of this credential is shown.
    ShowsEverything,
    /// More is shown than was asked for, because its issuer did not let it be hidden.
    ShowsMore,
    /// The credential is not bound to a key: whoever gets it can show it as their own.
    NotBound,
    /// Something that hosts do not know yet: its text says what.
    Other,
}

/// What the holder should know before they agree.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Warning {
    /// What it is about.
    pub r#type: WarningType,
    /// The credential that it is about, by the name under which it was asked for.
    pub id: Option<String>,
    /// The warning, in sentences for a screen.
    pub text: String,
}

impl From<wallet::Warning> for Warning {
    fn from(warning: wallet::Warning) -> Self {
        let text = warning.to_string();
        let (r#type, id) = match warning {
            wallet::Warning::Unauthenticated => (WarningType::Unauthenticated, None),
            wallet::Warning::ShowsEverything { id } => (WarningType::ShowsEverything, Some(id)),
            wallet::Warning::ShowsMore { id } => (WarningType::ShowsMore, Some(id)),
            wallet::Warning::NotBound { id } => (WarningType::NotBound, Some(id)),
            _ => (WarningType::Other, None),
        };
        Self { r#type, id, text }
    }
}

/// All that a screen needs to ask the holder.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct ConsentScreen {
    /// Who asks.
    pub asker: AskerDescription,
    /// What would be shown. Empty: nothing is, and there is nothing to agree to.
    pub shown: Vec<ShownCredential>,
    /// What was asked for and would not be shown, and why.
    pub unanswered: Vec<UnansweredCredential>,
    /// What the holder should know.
    pub warnings: Vec<Warning>,
    /// Positions of what would be welcome and is not needed, for [`Consent::with_optional`].
    pub optional: Vec<u32>,
}

opaque_display!(ConsentScreen);

/// One decision of the holder about what is shown.
#[derive(Clone)]
enum Change {
    Without(String),
    WithoutClaim(String, String),
    WithOptional(usize),
}

impl Change {
    fn made_to<'a>(&self, consent: wallet::Consent<'a>) -> Result<wallet::Consent<'a>, ConsentError> {
        match self {
            Self::Without(id) => consent.without(id),
            Self::WithoutClaim(id, pointer) => consent.without_claim(id, pointer),
            Self::WithOptional(position) => consent.with_optional(*position),
        }
    }
}

/// What the holder is asked to agree to: a request, laid over what they have. It never changes and may be used from many
/// threads at once; every decision of the holder makes another.
#[derive(uniffi::Object)]
pub struct Consent {
    asker: Arc<Asker>,
    held: Arc<[Held]>,
    at: Timestamp,
    changes: Vec<Change>,
    screen: ConsentScreen,
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent").field("asker", &self.asker).finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Consent {
    /// Lays a request over these credentials, as their issuers gave them. Of those that fit, the one that discloses
    /// least is chosen, and either all that is asked for is shown or nothing.
    ///
    /// # Errors
    /// When the request asks for a claim that its kind never has, or something else than credentials is given: the
    /// message says the position of the first such, from 1.
    #[uniffi::constructor]
    pub fn new(asker: Arc<Asker>, credentials: Vec<Vec<u8>>, at: At) -> Result<Self, AttestaError> {
        let held = Arc::from(Held::read_all(&credentials)?);
        Ok(Self::of(asker, held, at.to_core()?.time(), Vec::new())?)
    }

    /// All that a screen needs to ask the holder.
    pub fn screen(&self) -> ConsentScreen {
        self.screen.clone()
    }

    /// The same without a credential, by the name under which it was asked for. If the verifier insists on it, nothing at
    /// all is shown.
    ///
    /// # Errors
    /// When nothing would be shown under that name.
    pub fn without(&self, id: String) -> Result<Self, AttestaError> {
        self.changed(Change::Without(id))
    }

    /// The same without a claim of a credential, or what it stands in, by its JSON pointer. If the verifier insists on
    /// it, nothing at all is shown.
    ///
    /// # Errors
    /// When it would not be shown, or cannot be hidden by itself.
    pub fn without_claim(&self, id: String, pointer: String) -> Result<Self, AttestaError> {
        self.changed(Change::WithoutClaim(id, pointer))
    }

    /// The same with something that is only welcome, by its position in [`ConsentScreen::optional`].
    ///
    /// # Errors
    /// When there is no such position.
    pub fn with_optional(&self, position: u32) -> Result<Self, AttestaError> {
        self.changed(Change::WithOptional(usize::try_from(position).unwrap_or(usize::MAX)))
    }
}

impl Consent {
    fn of(asker: Arc<Asker>, held: Arc<[Held]>, at: Timestamp, changes: Vec<Change>) -> Result<Self, ConsentError> {
        let consent = laid_over(&asker, &held, at, &changes)?;
        let screen = ConsentScreen {
            asker: asker.describe(),
            shown: consent.shown().iter().map(|shown| ShownCredential::of_core(shown, &held)).collect(),
            unanswered: consent.unanswered().iter().map(UnansweredCredential::from).collect(),
            warnings: consent.warnings().into_iter().map(Warning::from).collect(),
            optional: consent.optional_sets().into_iter().map(count).collect(),
        };
        drop(consent);
        Ok(Self { asker, held, at, changes, screen })
    }

    fn changed(&self, change: Change) -> Result<Self, AttestaError> {
        let mut changes = self.changes.clone();
        changes.push(change);
        Ok(Self::of(Arc::clone(&self.asker), Arc::clone(&self.held), self.at, changes)?)
    }
}

/// The core's consent borrows what it speaks of, which no object of a host can: it is made anew, with the holder's
/// decisions in their order.
fn laid_over<'a>(
    asker: &'a Asker,
    held: &'a [Held],
    at: Timestamp,
    changes: &[Change],
) -> Result<wallet::Consent<'a>, ConsentError> {
    let first = wallet::Consent::new(&asker.asker, held, at)?;
    changes.iter().try_fold(first, |consent, change| change.made_to(consent))
}

/// A length or position within a request or a list of credentials, all of which have ceilings.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// An answer, ready to be sent. It holds personal data.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Display)]
pub struct Answer {
    /// `vp_token` and `state` as one JSON object, to be handed over by hand.
    pub json: String,
    /// The same as the body of a POST, `application/x-www-form-urlencoded`.
    pub form: String,
    /// Where it goes by POST, or nothing if it is handed over by hand.
    pub response_uri: Option<String>,
    /// `state`, as the request had it.
    pub state: Option<String>,
}

opaque_display!(Answer);

/// Signs what the holder agreed to, each credential with the signer among these whose key it was issued to, for whoever
/// asks and this one request. Nothing is sent anywhere.
///
/// # Errors
/// When nothing would be shown, the request has ended, no signer has the key, or a signer does not sign.
#[uniffi::export]
pub fn answer(consent: Arc<Consent>, signers: Vec<Arc<dyn Signer>>, at: At) -> Result<Answer, AttestaError> {
    let keys = signers.into_iter().map(HostKey::of).collect::<Result<Vec<_>, _>>()?;
    let find =
        |wanted: &PublicKey| keys.iter().find(|key| key.public_key() == *wanted).map(|key| key as &dyn keys::Signer);
    let agreed = laid_over(&consent.asker, &consent.held, consent.at, &consent.changes)?;
    let answer = wallet::answer(&agreed, &find, at.to_core()?.time())?;
    Ok(Answer {
        json: Value::Object(answer.to_json()).to_string(),
        form: answer.to_form(),
        response_uri: answer.response_uri().map(str::to_owned),
        state: answer.state().map(str::to_owned),
    })
}
