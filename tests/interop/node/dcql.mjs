// DCQL with the OpenWallet Foundation's package dcql: queries of OpenID4VP 1.0, laid over credentials.
//
// match:  {query, credentials} -> {met, fits: {id: [position, ...]}, sets: {id: [position in claim_sets or null, ...]},
//         options: [[position, ...], ...]}; credentials in the package's own form
// answer: {query, answers: [[id, credential], ...]} -> {met}
//
// Both: {refused} where the query is none, and {broken} where the package fails at it.
import {DcqlPresentationResult, DcqlPresentationResultError, DcqlQuery} from 'dcql';
import {main} from './io.mjs';

export function match({query, credentials}) {
  const parsed = read(query);
  if(parsed.refused) {
    return parsed;
  }
  let result;
  try {
    result = DcqlQuery.query(parsed, credentials);
  } catch(error) {
    return {broken: error.message};
  }
  const {can_be_satisfied: met, credential_matches: matches, credential_sets: sets = []} = result;
  const each = pick => Object.fromEntries(Object.entries(matches).map(
    ([id, {valid_credentials: valid = []}]) => [id, valid.map(pick)]));
  return {
    met,
    fits: each(({input_credential_index: position}) => position),
    sets: each(({claims}) => claims.valid_claim_sets[0].claim_set_index ?? null),
    options: sets.map(({options, matching_options: matching = []}) => (
      options.flatMap((option, position) => matching.includes(option) ? [position] : [])))
  };
}

export function answer({query, answers}) {
  const parsed = read(query);
  if(parsed.refused) {
    return parsed;
  }
  const presentation = {};
  for(const [id, credential] of answers) {
    (presentation[id] ??= []).push(credential);
  }
  try {
    return {met: DcqlPresentationResult.fromDcqlPresentation(presentation, {dcqlQuery: parsed}).can_be_satisfied};
  } catch(error) {
    return error instanceof DcqlPresentationResultError ? {met: false} : {broken: error.message};
  }
}

// The package first reads the form, and then whether names stand for something.
function read(query) {
  try {
    const parsed = DcqlQuery.parse(query);
    DcqlQuery.validate(parsed);
    return parsed;
  } catch(error) {
    return {refused: error.message};
  }
}

await main(import.meta.url, {match, answer});
