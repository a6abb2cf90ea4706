//! What becomes of a guarantee after it was issued: it is taken back, its issuer changes keys, a key is stolen.

use attesta::keys::Signer as _;
use attesta::verify::{CheckId, Days, RotatedKeys};

use super::cast::{Cast, days_before};
use super::centre::FetchedList;
use super::{is, play, tell};
use crate::output::{self, Misuse, Style, styled};

const MONTH: i64 = 31;
/// For how many days a bank may let replaced keys count.
const PATIENCE: u32 = 90;
const HOUR: i64 = 3600;

/// The copies of the tenant's guarantee, and how all of them are revoked.
pub(super) struct Issued {
    pub(super) copies: Vec<String>,
    pub(super) reference: String,
}

/// The bank fetches the list that the centre signed so many hours ago. The list as it got it.
pub(super) fn fetch(cast: &mut Cast, hours: i64) -> Result<FetchedList, Misuse> {
    let signed = cast.centre.publish(cast.now.plus_seconds(-hours * HOUR))?;
    let list = FetchedList { signed, obtained: cast.now };
    cast.fetch(&list)?;
    Ok(list)
}

/// The guarantee is revoked. `known` is the list of the bank's last visit.
pub(super) fn moves_out(cast: &mut Cast, issued: &Issued, known: &FetchedList) -> Result<bool, Misuse> {
    output::print(styled(Style::Strong, "\n6. A month later, the tenant moves out"))?;
    cast.wait(MONTH);
    let reached = cast.centre.revoke(&issued.reference)?;
    tell(&format!(
        "The centre takes the guarantee back: attesta revoke {} --store register. That reaches all {reached} copies. \
         The bank fetches the whole list of all that the centre ever revoked, so the centre never learns whom the \
         bank looked up.",
        issued.reference
    ))?;
    let mut as_told = reached == issued.copies.len();

    cast.fetch(known)?;
    let report = cast.show(&issued.copies[0], &cast.tenant[0])?;
    let title = "The new list cannot be had. The bank has the one of its last visit.";
    as_told &= play(title, &report, Some("status.list.stale"))?;

    fetch(cast, 1)?;
    for (number, (copy, key)) in issued.copies.iter().zip(&cast.tenant).enumerate() {
        let report = cast.show(copy, key)?;
        if number == 0 {
            let title = format!("The bank has the new list. Each of the {reached} copies:");
            as_told &= play(&title, &report, Some("status.revocation.revoked"))?;
        }
        as_told &= is(&report, Some("status.revocation.revoked"));
    }
    let report = cast.show(&issued.copies[0], &cast.tenant[0])?;
    cast.remember(&report);

    let replayed = FetchedList { signed: known.signed.clone(), obtained: cast.now };
    cast.fetch(&replayed)?;
    let report = cast.show(&issued.copies[0], &cast.tenant[0])?;
    let title = "Somebody hands the bank last month's list as if it were today's.";
    Ok(as_told & play(title, &report, Some("material.rollback.older-list"))?)
}

/// The centre replaces its key. Gives a guarantee that the old one signed.
pub(super) fn changes_its_key(cast: &mut Cast) -> Result<(String, bool), Misuse> {
    output::print(styled(Style::Strong, "\n7. The centre changes its key"))?;
    tell(
        "A new social worker signs with a new key. The centre's history says until when the old one was its own. With \
         the old one it signed for a neighbour, who still lives there.",
    )?;
    let (copies, _) = cast.centre.issue(&[cast.neighbour.public_key()], cast.now.date())?;
    let guarantee = copies.into_iter().next().unwrap_or_default();
    cast.wait(3);
    cast.centre.change_key(days_before(cast.now, 1))?;
    fetch(cast, 2)?;
    let report = cast.show(&guarantee, &cast.neighbour)?;
    let mut as_told = play("A bank that takes no key that was replaced:", &report, Some("key.validity.rotated-out"))?;
    cast.policy = cast.policy.clone().rotated_keys(RotatedKeys::Within(Days(PATIENCE)));
    let report = cast.show(&guarantee, &cast.neighbour)?;
    let title = format!("A bank whose policy lets a replaced key count for {PATIENCE} days more:");
    as_told &= play(&title, &report, None)?;
    Ok((guarantee, as_told))
}

/// The old key falls into a stranger's hands. `neighbours` is a guarantee that the centre signed with it.
pub(super) fn is_robbed(cast: &mut Cast, neighbours: &str) -> Result<bool, Misuse> {
    output::print(styled(Style::Strong, "\n8. The old key is stolen"))?;
    tell(
        "Somebody finds it on a computer that was given away, vouches for themselves, and writes a day on which it was \
         still the centre's.",
    )?;
    let backdated = days_before(cast.now, 4).date();
    let forged = cast.centre.signed_by_thief(cast.stranger.public_key(), backdated)?;
    cast.wait(2);
    fetch(cast, 2)?;
    let report = cast.show(&forged, &cast.stranger)?;
    let mut as_told = play("Before the centre notices, nothing gives it away:", &report, None)?;

    let confirmed = cast.centre.report_theft(days_before(cast.now, 3), cast.now.plus_seconds(-HOUR))?;
    output::print("")?;
    tell(&format!(
        "The centre publishes a notice: others may have that key, and all that counts of what it signed are these \
         {confirmed} documents, from the centre's register. It names nobody: it lists digests."
    ))?;
    fetch(cast, 2)?;
    let report = cast.show(&forged, &cast.stranger)?;
    as_told &= play("What the thief backdated:", &report, Some("key.validity.compromised"))?;
    let report = cast.show(neighbours, &cast.neighbour)?;
    as_told &= play("What the centre signed for the neighbour:", &report, None)?;
    let confirmed = report.credentials().iter().filter_map(|it| it.check(CheckId::KeyValidity).detail());
    for detail in confirmed {
        tell(&output::sentence(detail))?;
    }
    Ok(as_told)
}
