//! What a term stands for: IRI expansion while terms are being defined (sections 4.2.2, steps 14 to 18, and 5.2.2).

use super::layer::{Builder, Progress, is_context_keyword};
use crate::jsonld::context::active::bare;
use crate::jsonld::context::{Mapping, Setting};
use crate::jsonld::error::{Fault, Read};
use crate::jsonld::iri::{self, Form};
use crate::jsonld::keyword::Keyword;

impl<'b> Builder<'b, '_> {
    /// Step 14.
    pub(super) fn id(&mut self, name: &'b str, id: &'b str) -> Read<Mapping> {
        if id == name {
            return self.implied(name);
        }
        // Step 14.2.2.
        if iri::is_keyword_like(id) && Keyword::parse(id).is_none() {
            return Ok(Mapping::Absent);
        }
        // Step 14.2.3.
        let mapping = match self.expand(id)? {
            Mapping::Keyword(Keyword::Context) => return Err(Fault::KeywordAlias.into()),
            Mapping::Absent | Mapping::Null | Mapping::Iri(_, Form::Relative) => return Err(Fault::IriMapping.into()),
            mapping => mapping,
        };
        // Step 14.2.4.
        let is_inner_colon = name.get(1..name.len().saturating_sub(1)).is_some_and(|inner| inner.contains(':'));
        if is_inner_colon || name.contains('/') {
            self.progress.insert(name, Progress::Done(None));
            if self.expand(name)? != mapping {
                return Err(Fault::IriMapping.into());
            }
        }
        Ok(mapping)
    }

    /// Steps 15 to 18: the name itself says what it stands for.
    pub(super) fn implied(&mut self, name: &'b str) -> Read<Mapping> {
        self.progress.insert(name, Progress::Done(None));
        // Step 15: any term may stand before the colon here.
        if let Some((prefix, suffix)) = name.split_once(':')
            && !prefix.is_empty()
            && prefix != "_"
            && !suffix.starts_with("//")
            && let Some(found) = self.find(prefix, false)?
        {
            return self.continued(&found, suffix)?.ok_or_else(|| Fault::IriMapping.into());
        }
        match self.expand(name)? {
            mapping @ (Mapping::Iri(_, Form::Sound | Form::Invalid) | Mapping::Blank(_)) => Ok(mapping),
            // A vocabulary may be relative itself.
            mapping @ Mapping::Iri(_, Form::Relative) if self.has_vocab() && !name.contains('/') => Ok(mapping),
            _ => Err(Fault::IriMapping.into()),
        }
    }

    fn has_vocab(&self) -> bool {
        match self.layer.vocab {
            Setting::Unset => self.outer.vocab().is_some(),
            Setting::Null => false,
            Setting::To(_) => true,
        }
    }

    /// Section 5.2.2, with a local context.
    pub(super) fn expand(&mut self, value: &'b str) -> Read<Mapping> {
        // Steps 1 and 2.
        if value.starts_with('@') {
            if let Some(keyword) = Keyword::parse(value) {
                return Ok(Mapping::Keyword(keyword));
            }
            if iri::is_keyword_like(value) {
                return Ok(Mapping::Null);
            }
        }
        // Steps 3 to 5.
        if let Some(mapping) = self.find(value, false)? {
            return Ok(mapping);
        }
        // Step 6.
        if let Some(colon) = value.find(':').filter(|colon| *colon > 0) {
            let (prefix, suffix) = (&value[..colon], &value[colon + 1..]);
            if prefix == "_" {
                return Ok(Mapping::Blank(value.into()));
            }
            if suffix.starts_with("//") {
                return self.joined("", value);
            }
            if let Some(found) = self.find(prefix, true)?
                && let Some(mapping) = self.continued(&found, suffix)?
            {
                return Ok(mapping);
            }
            if iri::has_scheme(value) {
                return self.joined("", value);
            }
        }
        // Step 7.
        let vocab = match &self.layer.vocab {
            Setting::Unset => {
                self.note_vocab();
                self.outer.shared_vocab().cloned()
            }
            Setting::Null => None,
            Setting::To(vocab) => Some(vocab.clone()),
        };
        self.joined(vocab.as_deref().unwrap_or_default(), value)
    }

    /// A term of this context, defined first where it has to be, or of what is active around it.
    fn find(&mut self, name: &'b str, is_prefix: bool) -> Read<Option<Mapping>> {
        if self.local.contains_key(name) && !is_context_keyword(name) {
            self.define(name)?;
            let Some(Progress::Done(Some(position))) = self.progress.get(name) else { return Ok(None) };
            let term = self.layer.terms.get(*position).filter(|term| term.prefix || !is_prefix);
            return Ok(term.map(|term| term.mapping.clone()).filter(|mapping| *mapping != Mapping::Absent));
        }
        let mapping = self.outer.mapping_of(name, is_prefix).cloned();
        // What has a colon in it hardly ever is a term; where there is one, no layer that was compiled without it counts.
        if mapping.is_some() || !name.contains(':') {
            self.note(name, is_prefix);
        }
        Ok(mapping)
    }

    /// What a prefix and the rest come to; nothing where the prefix is none.
    fn continued(&mut self, prefix: &Mapping, suffix: &str) -> Read<Option<Mapping>> {
        match prefix {
            Mapping::Iri(prefix, _) => self.joined(bare(prefix), suffix).map(Some),
            Mapping::Blank(label) => self.joined(label, suffix).map(Some),
            _ => Ok(None),
        }
    }

    /// What is written out, or put together: short names may stand for long addresses.
    fn joined(&mut self, first: &str, second: &str) -> Read<Mapping> {
        self.budget.spend_bytes(first.len() + second.len())?;
        let rendered = ["<", first, second, ">"].concat();
        let text = bare(&rendered);
        if text.starts_with("_:") {
            return Ok(Mapping::Blank(text.into()));
        }
        let form = iri::form(text);
        Ok(Mapping::Iri(rendered.into(), form))
    }
}
