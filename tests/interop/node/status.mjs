// Status lists with the packages @digitalbazaar/vc-bitstring-status-list and @sd-jwt/jwt-status-list. Signatures are no
// question here.
//
// bitstring_write: {length, set, id, purpose} -> {credential}
// bitstring_read:  {encodedList, indexes} -> {statuses} or {refused}
// bitstring_check: {credential, list} -> {statuses} of the credential's entries or {refused}
// token_write:     {bits, length, values: [[index, value]]} -> {lst}
// token_read:      {bits, lst, indexes} -> {statuses} or {refused}
import {checkStatus, createCredential, createList, decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import {main} from './io.mjs';
import {StatusList} from '@sd-jwt/jwt-status-list';

export async function bitstring_write({length, set, id, purpose}) {
  const list = await createList({length});
  set.forEach(index => list.setStatus(index, true));
  return {credential: await createCredential({id, list, statusPurpose: purpose})};
}

export async function bitstring_read({encodedList, indexes}) {
  return refusing(async () => {
    const list = await decodeList({encodedList});
    return indexes.map(index => list.getStatus(index));
  });
}

export async function bitstring_check({credential, list}) {
  return refusing(async () => {
    const {verified, results, error} = await checkStatus({
      credential, documentLoader: async () => ({document: list}), verifyBitstringStatusListCredential: false
    });
    if(!verified) {
      throw error;
    }
    return results.map(({status}) => status);
  });
}

export function token_write({bits, length, values}) {
  const list = new StatusList(new Array(length).fill(0), bits);
  values.forEach(([index, value]) => list.setStatus(index, value));
  return {lst: list.compressStatusList()};
}

export async function token_read({bits, lst, indexes}) {
  return refusing(() => {
    const list = StatusList.decompressStatusList(lst, bits);
    return indexes.map(index => list.getStatus(index));
  });
}

async function refusing(read) {
  try {
    return {statuses: await read()};
  } catch(error) {
    return {refused: String(error)};
  }
}

await main(import.meta.url, {bitstring_write, bitstring_read, bitstring_check, token_write, token_read});
