// RDF Dataset Canonicalization with the package rdf-canonize.
//
// canonicalize: {texts, hash: 'SHA-256' | 'SHA-384'} -> {texts}
import {canonize} from 'rdf-canonize';
import {main} from './io.mjs';

export async function canonicalize({texts, hash}) {
  const options = {
    algorithm: 'RDFC-1.0', messageDigestAlgorithm: hash, inputFormat: 'application/n-quads',
    format: 'application/n-quads', maxDeepIterations: Infinity, maxWorkFactor: Infinity
  };
  const all = [];
  for(const text of texts) {
    all.push(await canonize(text, options));
  }
  return {texts: all};
}

await main(import.meta.url, {canonicalize});
