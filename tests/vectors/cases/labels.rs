//! What tokens and COSE messages say that they are, in `typ` and `cty`.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};

use super::cose::{entries_without, with_protected, with_unprotected};
use super::{put, take};
use crate::cast::CAST;
use crate::cose::{map, text};
use crate::forge::enclosed;
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for format in [Format::Jwt, Format::Cose] {
        let [address, licence] = [About::Address, About::Licence].map(|about| Scene::new(about, format));
        cases.extend(both(&address, &licence));
        cases.extend(if format == Format::Jwt { tokens(&licence) } else { messages(&licence) });
    }
    cases
}

fn labelled(licence: &Scene, typ: &str, cty: &str) -> String {
    licence.sign(licence.document(), |header| {
        put(header, "/typ", typ);
        put(header, "/cty", cty);
    })
}

fn both(address: &Scene, licence: &Scene) -> Vec<Case> {
    let [credential, presentation] = match licence.format {
        Format::Cose => [["application/vc+cose", "application/vc"], ["application/vp+cose", "application/vp"]],
        _ => [["vc+jwt", "vc"], ["vp+jwt", "vp"]],
    };
    vec![
        licence
            .invalid(
                "labelled-as-a-presentation",
                "A credential that says that it is a presentation.",
                labelled(licence, presentation[0], presentation[1]),
            )
            .by(CheckId::MediaType, Code::MediaTypeContradiction),
        licence
            .invalid(
                "content-labelled-otherwise",
                "typ says credential, and cty presentation.",
                labelled(licence, credential[0], presentation[1]),
            )
            .by(CheckId::MediaType, Code::MediaTypeContradiction),
        licence
            .open(
                "without-a-label",
                "Neither typ nor cty says what it is.",
                licence.sign(licence.document(), |header| {
                    take(header, "/typ");
                    take(header, "/cty");
                }),
            )
            .by(CheckId::MediaType, Code::MediaTypeMissing),
        address
            .invalid("answer-enveloped-as-a-credential", "The holder's answer stands where a credential belongs.", {
                let inner = enclosed(&address.answer(&address.credential()));
                address.answer_by(&CAST.tenant, &[inner], |_| {}, |_| {})
            })
            .asked()
            .by(CheckId::MediaType, Code::MediaTypeContradiction),
    ]
}

fn tokens(licence: &Scene) -> Vec<Case> {
    let other = |case: Case| case.by(CheckId::MediaType, Code::MediaTypeOther);
    vec![
        other(licence.invalid(
            "labelled-as-a-login",
            "A token that says that it is something else.",
            labelled(licence, "at+jwt", "vc"),
        )),
        other(licence.invalid(
            "labelled-as-any-jwt",
            "JWT, which every token could be.",
            labelled(licence, "JWT", "vc"),
        )),
    ]
}

fn messages(licence: &Scene) -> Vec<Case> {
    let other = |case: Case| case.by(CheckId::MediaType, Code::MediaTypeOther);
    vec![
        other(licence.invalid(
            "labelled-as-a-token",
            "A message that says that it is a JWT.",
            labelled(licence, "application/vc+jwt", "application/vc"),
        )),
        other(licence.invalid(
            "labelled-as-a-login",
            "A message that says that it is a CWT.",
            labelled(licence, "application/cwt", "application/vc"),
        )),
        other(licence.invalid(
            "labelled-by-a-number",
            "A message that names its type by a number of CoAP's.",
            licence.sign(licence.document(), |header| put(header, "/typ", 61)),
        )),
        licence
            .open("labelled-outside-of-what-is-signed", "typ and content type are not signed.", {
                let without = with_protected(licence, map(&entries_without(licence, &[3, 16])));
                with_unprotected(&without, &[(3, text("application/vc")), (16, text("application/vc+cose"))])
            })
            .by(CheckId::MediaType, Code::MediaTypeMissing),
    ]
}
