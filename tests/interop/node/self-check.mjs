// Shows that the oracles are what they claim to be before anything is compared with them: they verify the W3C's signed
// examples and what they sign themselves, and refuse both after a change.
import * as dcql from './dcql.mjs';
import * as dataIntegrity from './data-integrity.mjs';
import * as didPeer from './did-peer.mjs';
import * as sdJwt from './sd-jwt.mjs';
import * as vcJwt from './vc-jwt.mjs';
import * as webvh from './webvh.mjs';
import {didJwk, generateJwk} from './keys.mjs';
import {fileURLToPath} from 'node:url';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import assert from 'node:assert/strict';
import test from 'node:test';

const VECTORS = process.env.CONFORMANCE_VECTORS ??
  fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));

const SIGNED = [
  'vc-di-eddsa/TestVectors/eddsa-jcs-2022/signedJCS.json',
  'vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json',
  'vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json',
  'vc-di-eddsa/TestVectors/eddsa-rdfc-2022/signedDataInt.json',
  'vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p256/signedECDSAP256.json',
  'vc-di-ecdsa/TestVectors/ecdsa-rdfc-2019-p384/signedECDSAP384.json',
  'vc-di-ecdsa/TestVectors/ecdsa-sd-2023/employ/derivedRevealDocument.json'
];

// What the signed examples are written in, where that is published beside them.
const CONTEXTS = {
  'https://www.w3.org/ns/credentials/examples/v2': join(VECTORS, '../contexts/credentials-examples-v2.jsonld'),
  'https://w3id.org/citizenship/v4rc1': join(VECTORS, 'citizenship/contexts/citizenship-v4rc1.jsonld')
};
const contexts = Object.fromEntries(Object.entries(CONTEXTS)
  .filter(([, path]) => existsSync(path))
  .map(([url, path]) => [url, JSON.parse(readFileSync(path, 'utf8'))]));

const credential = () => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', {
    '@protected': true, district: 'https://example.org/#district', level: 'https://example.org/#level'
  }],
  type: ['VerifiableCredential'],
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: {id: 'did:example:subject', district: '深水埗', level: 1e21}
});

const presentation = enclosed => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: 'VerifiablePresentation',
  verifiableCredential: [enclosed]
});

for(const file of SIGNED) {
  const path = join(VECTORS, file);
  const absent = [path, ...Object.values(CONTEXTS)].find(needed => !existsSync(needed));
  const missing = absent && process.env.CI !== 'true';
  const skip = missing && `${absent} is missing: name the folder of vectors in CONFORMANCE_VECTORS`;
  test(`data-integrity verifies ${file} and no altered copy`, {skip}, async () => {
    const document = JSON.parse(readFileSync(path, 'utf8'));
    assert.deepEqual(await judge(document), {verified: true});
    const altered = [
      {...document, name: 'Another Credential'},
      {...document, undefinedMember: true},
      {...document, proof: {...document.proof, created: '2023-02-24T23:36:39Z'}},
      {...document, proof: {...document.proof, proofPurpose: 'authentication'}},
      {...document, proof: undefined}
    ];
    for(const copy of altered) {
      assert.equal((await judge(copy)).verified, false);
    }
  });
}

for(const [cryptosuite, crv] of [
  ['eddsa-jcs-2022', 'Ed25519'], ['ecdsa-jcs-2019', 'P-256'], ['ecdsa-jcs-2019', 'P-384'],
  ['eddsa-rdfc-2022', 'Ed25519'], ['ecdsa-rdfc-2019', 'P-256'], ['ecdsa-rdfc-2019', 'P-384']
]) {
  test(`data-integrity signs and verifies with ${cryptosuite} and ${crv}`, async () => {
    const {document} = await dataIntegrity.sign({document: credential(), cryptosuite, crv});
    assert.deepEqual(await judge(document), {verified: true});
    document.credentialSubject.district = '灣仔';
    assert.equal((await judge(document)).verified, false);

    const expected = {challenge: 'c', domain: 'bank.example'};
    const signed = await dataIntegrity.sign({document: presentation(document), cryptosuite, crv, ...expected});
    const shown = signed.document;
    assert.equal(shown.proof.proofPurpose, 'authentication');
    assert.deepEqual(await judge(shown, expected), {verified: true});
    assert.equal((await judge(shown, {...expected, challenge: 'd'})).verified, false);
    assert.equal((await judge(shown, {...expected, domain: 'thief.example'})).verified, false);
  });
}

test('data-integrity shows some of what is signed with ecdsa-sd-2023', async () => {
  const signed = await dataIntegrity.sign(
    {document: credential(), cryptosuite: 'ecdsa-sd-2023', crv: 'P-256', mandatory: ['/issuer', '/validFrom']});
  assert.equal((await judge(signed.document)).verified, false);
  const {document} = await dataIntegrity.derive({document: signed.document, selective: ['/credentialSubject/level']});
  assert.equal(document.credentialSubject.district, undefined);
  assert.deepEqual(await judge(document), {verified: true});
  assert.equal((await judge({...document, validFrom: '2020-01-01T00:00:00Z'})).verified, false);
  assert.match((await dataIntegrity.derive({document: signed.document, selective: ['/nowhere']})).refused, /nowhere/);
});

test('data-integrity signs nothing that no context defines', async () => {
  const document = {...credential(), undefinedMember: true};
  const {refused} = await dataIntegrity.sign({document, cryptosuite: 'eddsa-rdfc-2022', crv: 'Ed25519'});
  assert.match(refused, /undefined|invalid property/);
});

for(const crv of ['Ed25519', 'P-256', 'P-384']) {
  test(`vc-jwt signs and verifies with ${crv}`, async () => {
    const {jwt, did} = await vcJwt.sign({document: credential(), crv});
    const {verified, header, payload} = await vcJwt.verify({jwt});
    assert.deepEqual([verified, header.typ, payload.issuer], [true, 'vc+jwt', did]);
    const [head, body, signature] = jwt.split('.');
    const forged = Buffer.from(JSON.stringify({...payload, validFrom: '2020-01-01T00:00:00Z'})).toString('base64url');
    assert.equal((await vcJwt.verify({jwt: `${head}.${forged}.${signature}`})).verified, false);
    assert.equal((await vcJwt.verify({jwt: `${head}.${body}.`})).verified, false);

    const enclosed = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${jwt}`
    };
    const expected = {audience: 'https://bank.example', nonce: 'n'};
    const shown = await vcJwt.sign({document: presentation(enclosed), crv, ...expected});
    assert.equal((await vcJwt.verify({jwt: shown.jwt, ...expected})).verified, true);
    assert.equal((await vcJwt.verify({jwt: shown.jwt, ...expected, nonce: 'm'})).verified, false);
    const elsewhere = {...expected, audience: 'https://thief.example'};
    assert.equal((await vcJwt.verify({jwt: shown.jwt, ...elsewhere})).verified, false);
  });
}

test('vc-jwt refuses another typ, an expired signature and another key', async () => {
  const crv = 'P-256';
  const {id} = didJwk(await generateJwk(crv));
  for(const change of [{header: {typ: 'JWT'}}, {claims: {exp: 1}}, {header: {kid: id}}]) {
    const {jwt} = await vcJwt.sign({document: credential(), crv, ...change});
    assert.equal((await vcJwt.verify({jwt})).verified, false);
  }
});

test('the key that is given is the key that signs', async () => {
  const cryptosuite = 'eddsa-rdfc-2022';
  const {key, did} = await dataIntegrity.sign({document: credential(), cryptosuite, crv: 'Ed25519'});
  const again = await dataIntegrity.sign({document: credential(), cryptosuite, key});
  assert.equal(again.document.issuer, did);
});

for(const crv of ['Ed25519', 'P-256', 'P-384']) {
  test(`sd-jwt issues, presents and verifies with ${crv}`, async () => {
    const [key, holder, stranger] = await Promise.all([1, 2, 3].map(() => generateJwk(crv)));
    const alg = {Ed25519: 'Ed25519', 'P-256': 'ES256', 'P-384': 'ES384'}[crv];
    const leaf = chosen => ({inside: {}, chosen, is_list: false});
    const frame = chosen => ({inside: {a: leaf(true), b: leaf(chosen)}, chosen: false, is_list: false});
    const claims = {vct: 'urn:example:card', a: 1, b: 2};
    const {text} = await sdJwt.issue({claims, frame: frame(true), key, alg, holder, header: {typ: 'dc+sd-jwt'}});
    const transaction = {audience: 'https://bank.example', nonce: 'n'};
    const shown = {...frame(false), inside: {a: leaf(true)}};
    const issuedAt = Math.floor(Date.now() / 1000);
    const to = by => sdJwt.present({text, frame: shown, key: by, alg, ...transaction, issuedAt});
    const presented = (await to(holder)).text;
    const {verified, payload} = await sdJwt.verify({text: presented, key, ...transaction});
    assert.deepEqual([verified, payload.a, payload.b], [true, 1, undefined]);
    const isVerified = async (text, asked) => (await sdJwt.verify({text, key, ...asked})).verified;
    assert.equal(await isVerified((await to(stranger)).text, transaction), false);
    assert.equal(await isVerified(presented, {...transaction, nonce: 'm'}), false);
    assert.equal(await isVerified(presented, {...transaction, audience: 'https://thief.example'}), false);
    assert.equal(await isVerified(text, transaction), false);
    assert.equal((await sdJwt.verify({text: presented, key: stranger, ...transaction})).verified, false);
  });
}

for(const scenario of ['pre-rotation-consume/rust', 'portable-move/ts', 'witness-update/rust']) {
  const folder = join(VECTORS, 'did-webvh', scenario);
  const missing = !existsSync(folder) && process.env.CI !== 'true';
  const skip = missing && `${folder} is missing: name the folder of vectors in CONFORMANCE_VECTORS`;
  test(`webvh resolves the log ${scenario} and no altered copy`, {skip}, async () => {
    const log = readFileSync(join(folder, 'did.jsonl'), 'utf8');
    const file = join(folder, 'did-witness.json');
    const witnesses = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    const {versionId, state: {id: did}} = JSON.parse(log.trim().split('\n').at(-1));
    assert.equal((await webvh.resolve({did, log, witnesses})).versionId, versionId);
    const altered = log.replace('2000-01-01T00:00:00Z', '2000-01-01T00:00:01Z');
    assert.match((await webvh.resolve({did, log: altered, witnesses})).error, /./);
    if(witnesses) {
      assert.match((await webvh.resolve({did, log, witnesses: '[]'})).error, /./);
    }
  });
}

test('did-peer resolves what it creates, and refuses what has another form', async () => {
  const [authentication, keyAgreement] = [['z6MkexampLe'], ['z6LSexampLe']];
  const services = [{type: 'DIDCommMessaging', serviceEndpoint: {uri: 'https://ngo.example', accept: ['didcomm/v2']}}];
  const {did} = await didPeer.create({authentication, keyAgreement, services});
  const {document} = await didPeer.resolve({did});
  assert.equal(document.id, did);
  const [first, second] = document.verificationMethod.map(({publicKeyMultibase}) => publicKeyMultibase);
  assert.deepEqual([[first], [second]], [authentication, keyAgreement]);
  assert.deepEqual(document.service, [{...services[0], id: '#service'}]);
  for(const changed of [did.replace('.V', '.X'), did.replace('.E', '..E'), did.replace('peer:2', 'peer:5')]) {
    assert.match((await didPeer.resolve({did: changed})).refused, /./);
  }
});

test('dcql finds what fits, and refuses a query that names nothing', () => {
  const query = {
    credentials: [{
      id: 'pid', format: 'dc+sd-jwt', meta: {vct_values: ['t']},
      claims: [{id: 'a', path: ['surname']}, {id: 'b', path: ['names', null], values: ['Arthur']}],
      claim_sets: [['a', 'b'], ['b']]
    }],
    credential_sets: [{options: [['pid']]}]
  };
  const held = (vct, claims) => (
    {credential_format: 'dc+sd-jwt', vct, claims, cryptographic_holder_binding: true});
  const credentials = [
    held('u', {names: ['Arthur']}), held('t', {names: ['Ford']}), held('t', {names: ['Ford', 'Arthur']})];
  assert.deepEqual(
    dcql.match({query, credentials}), {met: true, fits: {pid: [2]}, sets: {pid: [1]}, options: [[0]]});
  assert.equal(dcql.match({query, credentials: credentials.slice(0, 2)}).met, false);
  assert.equal(dcql.answer({query, answers: [['pid', credentials[2]]]}).met, true);
  assert.equal(dcql.answer({query, answers: [['pid', credentials[1]]]}).met, false);
  assert.equal(dcql.answer({query, answers: [['mdl', credentials[2]]]}).met, false);
  query.credential_sets[0].options.push(['mdl']);
  assert.ok(dcql.match({query, credentials}).refused);
});

async function judge(document, expected = {}) {
  const {verified, error} = await dataIntegrity.verify({document, contexts, ...expected});
  return error ? {verified, error} : {verified};
}
