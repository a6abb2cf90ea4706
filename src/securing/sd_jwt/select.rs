use super::{SdJwt, SdJwtError};
use crate::encoding::json::Value;
use crate::encoding::pointer::Pointer;

impl SdJwt<'_> {
    /// What a holder hands over: the issuer's token with the disclosures that these JSON pointers into the
    /// [revealed](Self::reveal) payload need, which are those on the way to each place, its own, and all below it. `[]`
    /// keeps none, `""` all. A key binding token is left out.
    ///
    /// # Errors
    /// Those of [`reveal`](Self::reveal), [`PointerUnknown`](SdJwtError::PointerUnknown), and
    /// [`PointerNotDisclosable`](SdJwtError::PointerNotDisclosable) for a place that is shown without any disclosure.
    pub fn select(&self, pointers: &[&str]) -> Result<String, SdJwtError> {
        let (payload, places) = self.put_in_place(self.jws.payload.clone())?;
        let payload = Value::Object(payload);
        let mut places = places.disclosed;
        places.sort_unstable();
        let mut is_chosen = vec![false; self.disclosures.len()];
        for &place in pointers {
            if Pointer::parse(place).is_none() || payload.pointer(place).is_none() {
                return Err(SdJwtError::PointerUnknown { pointer: place.to_owned() });
            }
            // RFC 9901 section 7.2, presentation step 2: no disclosure without the one that holds its digest.
            let ends = place.match_indices('/').map(|(at, _)| at).chain([place.len()]);
            let above = ends.filter_map(|end| {
                let at = places.binary_search_by(|(pointer, _)| pointer.as_str().cmp(&place[..end])).ok()?;
                Some(places[at].1)
            });
            let inside = format!("{place}/");
            let first = places.partition_point(|(pointer, _)| *pointer < inside);
            let below = places[first..].iter().take_while(|(pointer, _)| pointer.starts_with(&inside));
            let mut is_needed = place.is_empty();
            for position in above.chain(below.map(|(_, position)| *position)) {
                is_chosen[position] = true;
                is_needed = true;
            }
            if !is_needed {
                return Err(SdJwtError::PointerNotDisclosable { pointer: place.to_owned() });
            }
        }
        let (token, _) = self.text.split_once('~').ok_or(SdJwtError::Form)?;
        let mut selected = String::with_capacity(self.text.len());
        let chosen = self.disclosures.iter().zip(is_chosen).filter(|(_, is_chosen)| *is_chosen);
        for part in std::iter::once(&token).chain(chosen.map(|(disclosure, _)| disclosure)) {
            selected.push_str(part);
            selected.push('~');
        }
        Ok(selected)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Explain;
    use crate::securing::sd_jwt::tests::{digest, disclosure, revealed, token};

    const DECOY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /// `name`, `list/0`, `list/2`, `address` with `address/street` in it, `open/inner` in an object that is not hidden.
    fn issued() -> (String, [String; 6]) {
        let street = disclosure(json!(["s0", "street", "A 1"]));
        let disclosures = [
            disclosure(json!(["s1", "name", "B"])),
            disclosure(json!(["s2", "address", { "_sd": [digest(&street)], "town": "C" }])),
            street,
            disclosure(json!(["s3", "one"])),
            disclosure(json!(["s4", { "three": 3 }])),
            disclosure(json!(["s5", "inner", null])),
        ];
        let [name, address, _, first, third, inner] = disclosures.each_ref().map(digest);
        let payload = json!({
            "iss": "https://issuer.example",
            "_sd": [name, address, DECOY],
            "list": [{ "...": first }, "two", { "...": third }],
            "open": { "_sd": [inner], "always": 1 },
        });
        (token(&payload, &disclosures), disclosures)
    }

    #[test]
    fn what_is_chosen_comes_with_what_it_needs_and_no_more() {
        let (issued, all) = issued();
        let issued = SdJwt::parse(&issued).unwrap();
        let chosen = |pointers: &[&str]| {
            let selected = issued.select(pointers).unwrap();
            let parsed = SdJwt::parse_issued(&selected).unwrap();
            parsed.reveal().unwrap();
            let position = |text: &&str| all.iter().position(|disclosure| disclosure == text).unwrap();
            parsed.disclosures().iter().map(position).collect::<Vec<_>>()
        };
        assert_eq!(chosen(&[]), [0; 0]);
        assert_eq!(chosen(&[""]), [0, 1, 2, 3, 4, 5]);
        assert_eq!(chosen(&["/name"]), [0]);
        assert_eq!(chosen(&["/address"]), [1, 2]);
        assert_eq!(chosen(&["/address/street"]), [1, 2]);
        // What lies open in something hidden needs that, and not what is hidden beside it.
        assert_eq!(chosen(&["/address/town"]), [1]);
        assert_eq!(chosen(&["/list"]), [3, 4]);
        assert_eq!(chosen(&["/list/2"]), [4]);
        assert_eq!(chosen(&["/list/2/three", "/list/0"]), [3, 4]);
        assert_eq!(chosen(&["/open"]), [5]);
        assert_eq!(chosen(&["/open/inner", "/name", "/name"]), [0, 5]);
    }

    #[test]
    fn a_selection_can_be_narrowed_and_its_items_count_anew() {
        let (issued, all) = issued();
        let selected = SdJwt::parse(&issued).unwrap().select(&["/list/2", "/address/town"]).unwrap();
        let found = revealed(&selected);
        assert_eq!(Value::Object(found.payload)["list"], json!(["two", { "three": 3 }]));
        assert_eq!(found.disclosed, ["/address", "/list/1"]);
        assert_eq!(found.undisclosed, ["", "/address", "/list", "/open"]);
        let selected = SdJwt::parse(&selected).unwrap();
        let narrowed = selected.select(&["/list/1"]).unwrap();
        assert_eq!(SdJwt::parse(&narrowed).unwrap().disclosures(), [all[4].as_str()]);
        assert!(selected.select(&["/name"]).is_err());
    }

    #[test]
    fn a_place_that_is_not_there_or_cannot_be_hidden_is_named() {
        let (issued, _) = issued();
        let issued = SdJwt::parse(&issued).unwrap();
        let code = |pointer: &str| {
            let error = issued.select(&["/name", pointer]).unwrap_err();
            assert!(error.to_string().contains(&format!("{pointer:?}")), "{error}");
            error.code()
        };
        for pointer in ["/iss", "/list/1", "/open/always"] {
            assert_eq!(code(pointer), "sd-jwt.pointer-not-disclosable", "{pointer}");
        }
        for pointer in [
            "name",
            "/",
            "//name",
            "/name/",
            "/Name",
            "/name/0",
            "/list/3",
            "/list/00",
            "/list/-",
            "/list/+1",
            "/list/-1",
            "/address/house",
            "/_sd",
            "/_sd/0",
            "/_sd_alg",
            "/list/0/...",
            "/na~me",
            "/name~",
            "/~",
            "~0",
            "#/name",
            " ",
        ] {
            assert_eq!(code(pointer), "sd-jwt.pointer-unknown", "{pointer}");
        }
    }

    #[test]
    fn names_with_marks_are_told_from_paths() {
        let all = [
            disclosure(json!(["s0", "a/b", 0])),
            disclosure(json!(["s1", "a", { "b": 1, "~": 2 }])),
            disclosure(json!(["s2", "a~1b", 2])),
            disclosure(json!(["s3", "", 3])),
            disclosure(json!(["s4", "ab", 4])),
        ];
        let issued = token(&json!({ "_sd": all.each_ref().map(digest) }), &all);
        let issued = SdJwt::parse(&issued).unwrap();
        for (pointer, position) in
            [("/a~1b", 0), ("/a", 1), ("/a/b", 1), ("/a/~0", 1), ("/a~01b", 2), ("/", 3), ("/ab", 4)]
        {
            let selected = issued.select(&[pointer]).unwrap();
            assert_eq!(SdJwt::parse(&selected).unwrap().disclosures(), [all[position].as_str()], "{pointer}");
        }
    }

    #[test]
    fn a_token_that_does_not_hold_together_is_not_passed_on() {
        let (issued, _) = issued();
        let strange = format!("{issued}{}~", disclosure(json!(["salt", "admin", true])));
        let error = SdJwt::parse(&strange).unwrap().select(&[]).unwrap_err();
        assert_eq!(error.code(), "sd-jwt.disclosure-unreferenced");
    }

    #[test]
    fn a_key_binding_token_stays_behind() {
        let (issued, _) = issued();
        let shown = format!("{issued}{}", token(&json!({}), &[""; 0]).trim_end_matches('~'));
        let shown = SdJwt::parse(&shown).unwrap();
        assert!(shown.key_binding.is_some());
        assert_eq!(shown.select(&[""]).unwrap(), issued);
    }
}
