// did:webvh with didwebvh-ts, and keys of Node.js's own.
//
// live:    {location, newLocation, witnessed} -> {steps: [{name, did, log, witnesses?}]}; a DID from its creation to
//          its end, with the files as they are published after each step. With witnesses the end is left out: the
//          package would fetch their proofs for it
// resolve: {did, log, witnesses?, versionNumber?} -> {document, versionId, deactivated, portable} or {error}
import {createPrivateKey, createPublicKey, generateKeyPairSync, sign as signBytes, verify as verifyBytes} from 'node:crypto';
import {
  createDID, createWitnessProof, deactivateDID, deriveNextKeyHash, multibaseEncode, MultibaseEncoding,
  prepareDataForSigning, resolveDIDFromLog, updateDID
} from 'didwebvh-ts';
import {main} from './io.mjs';

const ED25519 = Buffer.from([0xed, 0x01]);
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const verifier = {
  async verify(signature, message, publicKey) {
    const key = createPublicKey({key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki'});
    return verifyBytes(null, message, key, signature);
  }
};

// A key and the signer that the package asks for.
function newKey() {
  const {privateKey, publicKey} = generateKeyPairSync('ed25519');
  const raw = publicKey.export({format: 'der', type: 'spki'}).subarray(SPKI.length);
  const multikey = multibaseEncode(Buffer.concat([ED25519, raw]), MultibaseEncoding.BASE58_BTC);
  const id = `did:key:${multikey}#${multikey}`;
  const secret = createPrivateKey(privateKey.export({format: 'pem', type: 'pkcs8'}));
  const signer = {
    getVerificationMethodId: () => id,
    async sign({document, proof}) {
      const signature = signBytes(null, await prepareDataForSigning(document, proof), secret);
      return {proofValue: multibaseEncode(signature, MultibaseEncoding.BASE58_BTC)};
    }
  };
  return {multikey, did: `did:key:${multikey}`, id, signer};
}

export async function live({location, newLocation, witnessed}) {
  const [first, second, third, fourth, assertion, ...witnesses] = Array.from({length: 8}, newKey);
  const witness = witnessed ? {threshold: 2, witnesses: witnesses.map(({did}) => ({id: did}))} : undefined;
  const verificationMethods = [
    {type: 'Multikey', publicKeyMultibase: assertion.multikey, purpose: 'assertionMethod'}
  ];
  const [address, ...paths] = location.split(':');
  const steps = [];
  let witnessProofs = [];
  const publish = async (name, {did, log}) => {
    const {versionId} = log.at(-1);
    const proof = [];
    for(const {id, signer} of witnessed ? witnesses.slice(0, 2) : []) {
      const prove = async (document, template) => (
        {proof: {...template, ...await signer.sign({document, proof: template})}});
      proof.push(await createWitnessProof(prove, versionId, id, log.at(-1).versionTime));
    }
    witnessProofs = [...witnessProofs, {versionId, proof}];
    const text = log.map(entry => JSON.stringify(entry) + '\n').join('');
    steps.push({name, did, log: text, ...witnessed && {witnesses: JSON.stringify(witnessProofs)}});
    return log;
  };
  const common = {verifier, verificationMethods, witness};
  let log = await publish('created', await createDID({
    ...common, address: decodeURIComponent(address), paths, signer: first.signer, updateKeys: [first.multikey],
    portable: true, nextKeyHashes: [await deriveNextKeyHash(second.multikey)], created: '2026-03-01T00:00:00Z'
  }));
  log = await publish('rotated', await updateDID({
    ...common, log, signer: second.signer, updateKeys: [second.multikey], witnessProofs,
    nextKeyHashes: [await deriveNextKeyHash(third.multikey)], updated: '2026-03-02T00:00:00Z'
  }));
  log = await publish('rotated again', await updateDID({
    ...common, log, signer: third.signer, updateKeys: [third.multikey], witnessProofs,
    nextKeyHashes: [await deriveNextKeyHash(fourth.multikey)], updated: '2026-03-03T00:00:00Z'
  }));
  const [newAddress, ...newPaths] = newLocation.split(':');
  log = await publish('moved', await updateDID({
    ...common, log, signer: fourth.signer, updateKeys: [fourth.multikey], nextKeyHashes: [], witnessProofs,
    address: decodeURIComponent(newAddress), paths: newPaths, updated: '2026-03-04T00:00:00Z'
  }));
  if(!witnessed) {
    await publish('deactivated', await deactivateDID({log, signer: fourth.signer, verifier}));
  }
  return {steps};
}

export async function resolve({did, log, witnesses, versionNumber}) {
  try {
    const entries = log.trim().split('\n').map(line => JSON.parse(line));
    const witnessProofs = witnesses ? JSON.parse(witnesses) : [];
    const {doc, meta} = await resolveDIDFromLog(entries, {verifier, witnessProofs, versionNumber, requestedDid: did});
    if(meta.error) {
      return {error: meta.problemDetails?.detail ?? meta.error};
    }
    const {versionId, deactivated, portable} = meta;
    return {document: doc, versionId, deactivated, portable};
  } catch(error) {
    return {error: error.message};
  }
}

await main(import.meta.url, {live, resolve});
