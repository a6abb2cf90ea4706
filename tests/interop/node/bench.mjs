// Measures these packages over the very bytes that `make bench` verifies, and prints lines like its own. What to verify
// stands in the file that the first argument names; benches/handed/mod.rs says how.
//
// Everything is in memory: contexts, the key's documents, the package's objects. As in `make bench` a verification
// begins with the text and the key's bytes, what warms up is warm, batches of the bare check and of the verification
// take turns, and time and ratio are medians. The bare check is Node's own: decode the key and verify, `node:crypto`.
import * as jose from 'jose';
import {createPublicKey, verify as verifySignature} from 'node:crypto';
import {digest, getVerifier} from '@sd-jwt/crypto-nodejs';
import {keyDocuments, toVerify} from './data-integrity.mjs';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import jsigs from 'jsonld-signatures';
import {PARAMETERS} from './sd-jwt.mjs';
import {readFileSync} from 'node:fs';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';

const BATCH_MS = 20;
const WARM_UP_MS = 1000;
const ROUNDS = 101;
const FEWEST_ROUNDS = 15;
const CEILING_MS = 3000;

// By the algorithm: what stands before the key's bytes in a SubjectPublicKeyInfo (RFC 5480, RFC 8410), and the hash.
const KEYS = {
  Ed25519: {prefix: '302a300506032b6570032100', hash: null},
  ES256: {prefix: '3039301306072a8648ce3d020106082a8648ce3d030107032200', hash: 'sha256'},
  ES384: {prefix: '3046301006072a8648ce3d020106052b81040022033200', hash: 'sha384'}
};

// What the name of a line begins with, who verifies that, and how.
const PEERS = [
  ['verify vc+jwt ', 'jose', token],
  ['verify dc+sd-jwt ', 'sd-jwt-js', sdJwt],
  ['verify eddsa-', 'digitalbazaar', dataIntegrity],
  ['verify ecdsa-', 'digitalbazaar', dataIntegrity]
];

const {at, contexts, lines} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const now = new Date(at);

for(const {name, presented, raw} of lines) {
  const [, peer, prepare] = PEERS.find(([begin]) => name.startsWith(begin));
  const checks = raw.map(bareCheck);
  const bare = () => checks.every(check => check());
  const verifies = await prepare(presented, raw[0]);
  // A package that takes anything would be quick.
  if(!bare() || !await verifies(presented) || await verifies(changed(presented))) {
    throw new Error(`${peer}: ${name}: it must hold, and not once it is changed.`);
  }
  const {time, rawTime, ratio} = await rounds(() => verifies(presented), bare);
  print(`node raw ${name.slice('verify '.length)}`, rawTime, 1);
  print(`${peer} ${name}`, time, ratio);
}

// The signing input, the key and its signature: decode the key and verify, nothing else.
function bareCheck({algorithm, key, message, signature}) {
  const {prefix, hash} = KEYS[algorithm];
  const [der, data, proof] = [
    Buffer.concat([Buffer.from(prefix, 'hex'), Buffer.from(key, 'base64url')]),
    Buffer.from(message, 'base64url'), Buffer.from(signature, 'base64url')];
  return () => verifySignature(
    hash, data, {key: createPublicKey({key: der, format: 'der', type: 'spki'}), dsaEncoding: 'ieee-p1363'}, proof);
}

function jwkOf({algorithm, key}) {
  const der = Buffer.concat([Buffer.from(KEYS[algorithm].prefix, 'hex'), Buffer.from(key, 'base64url')]);
  return createPublicKey({key: der, format: 'der', type: 'spki'}).export({format: 'jwk'});
}

function token(_, key) {
  const jwk = jwkOf(key);
  return holds(async text => {
    const {alg} = jose.decodeProtectedHeader(text);
    await jose.jwtVerify(text, await jose.importJWK(jwk, alg), {currentDate: now});
  });
}

function sdJwt(_, key) {
  const jwk = jwkOf(key);
  return holds(async text => {
    const verifier = await getVerifier(jwk, ...PARAMETERS[jwk.crv]);
    const instance = new SDJwtVcInstance({hasher: digest, verifier});
    await instance.verify(text, {currentDate: Math.floor(now / 1000)});
  });
}

async function dataIntegrity(presented) {
  const {proof: {cryptosuite, verificationMethod}} = JSON.parse(presented);
  const documents = new Map(Object.entries({...contexts, ...await keyDocuments(verificationMethod)}));
  const documentLoader = async url => {
    const document = credentialsContexts.get(url) ?? documents.get(url);
    if(!document) {
      throw new Error(`${url} is not at hand`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
  const suite = toVerify(cryptosuite);
  const purpose = new jsigs.purposes.AssertionProofPurpose({date: now});
  return async text => (await jsigs.verify(JSON.parse(text), {suite, purpose, documentLoader})).verified;
}

// Whether it ends without an error.
function holds(verify) {
  return text => verify(text).then(() => true, () => false);
}

// With another year in it, in the payload of a token.
function changed(presented) {
  if(presented.startsWith('{')) {
    return presented.replace('2026', '2025');
  }
  const [header, payload, ...rest] = presented.split('.');
  const text = Buffer.from(payload, 'base64url').toString().replace(/\d(?=[^\d]*$)/, digit => (Number(digit) + 1) % 10);
  return [header, Buffer.from(text).toString('base64url'), ...rest].join('.');
}

async function rounds(operation, raw) {
  const [calls, rawCalls] = [await warm(operation), await warm(raw)];
  const [times, rawTimes, ratios] = [[], [], []];
  const start = performance.now();
  for(let round = 0; round < ROUNDS; round++) {
    if(round >= FEWEST_ROUNDS && performance.now() - start > CEILING_MS) {
      break;
    }
    // Who goes first changes from round to round, so that neither always meets the warmer cache.
    const before = round % 2 === 0 ? await batch(raw, rawCalls) : undefined;
    const time = await batch(operation, calls);
    const rawTime = before ?? await batch(raw, rawCalls);
    times.push(time);
    rawTimes.push(rawTime);
    ratios.push(time / rawTime);
  }
  return {time: median(times), rawTime: median(rawTimes), ratio: median(ratios)};
}

// How many calls fill a batch, once the engine has compiled what it compiles.
async function warm(operation) {
  const spent = clock();
  let calls = 0;
  while(spent() < WARM_UP_MS) {
    await once(operation);
    calls++;
  }
  return Math.max(1, Math.round(calls * BATCH_MS / spent()));
}

// Milliseconds a call.
async function batch(operation, calls) {
  const spent = clock();
  for(let call = 0; call < calls; call++) {
    await once(operation);
  }
  return spent() / calls;
}

// Milliseconds since it was called: of time or of processor time, whichever are fewer. So neither other work on the
// machine, which holds up whoever waits for a thread, nor the engine's own helpers count against a package.
function clock() {
  const [start, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const {user, system} = process.cpuUsage(used);
    return Math.min(performance.now() - start, (user + system) / 1000);
  };
}

async function once(operation) {
  if(!await operation()) {
    throw new Error('What held a moment ago does not hold.');
  }
}

function median(values) {
  values.sort((a, b) => a - b);
  const middle = Math.floor(values.length / 2);
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Node counts no allocations.
function print(name, time, ratio) {
  const nanoseconds = (time * 1e6).toFixed(0).padStart(9);
  console.log(`${name.padEnd(46)}   ${nanoseconds} ns        - allocs   ${`${ratio.toFixed(2)}x`.padStart(7)}`);
}
