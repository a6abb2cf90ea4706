use super::{SdJwt, SdJwtError, pointer};
use crate::encoding::json::Value;

impl SdJwt<'_> {
    /// What a holder hands over: the issuer's token with the disclosures that these JSON pointers into the
    /// [revealed](Self::reveal) payload need, which are those on the way to each place, its own, and all below it. `[]`
    /// keeps none, `""` all. A key binding token is left out.
    ///
    /// # Errors
    /// Those of [`reveal`](Self::reveal), [`PointerUnknown`](SdJwtError::PointerUnknown), and
    /// [`PointerNotDisclosable`](SdJwtError::PointerNotDisclosable) for a place that is shown without any disclosure.
    pub fn select(&self, pointers: &[&str]) -> Result<String, SdJwtError> {
        let (payload, places) = self.put_in_place()?;
        let payload = Value::Object(payload);
        let mut places = places.disclosed;
        places.sort_unstable();
        let mut is_chosen = vec![false; self.disclosures.len()];
        for &place in pointers {
            if !pointer::is_pointer(place) || payload.pointer(place).is_none() {
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
