// JSON-LD with the package jsonld, and RDF Dataset Canonicalization with the package rdf-canonize.
//
// canonicalize: {texts, hash: 'SHA-256' | 'SHA-384'} -> {texts}
// read: {documents, contexts: {URL: document}} -> {answers: [{text} or {refused}]}, each document as canonical N-Quads or
//   why it is not safe to sign
import {canonize} from 'rdf-canonize';
import jsonld from 'jsonld';
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

export async function read({documents, contexts}) {
  const documentLoader = async url => {
    if(!(url in contexts)) {
      throw new Error(`${url} is not at hand`);
    }
    return {contextUrl: null, documentUrl: url, document: contexts[url]};
  };
  const answers = [];
  for(const document of documents) {
    try {
      const text = await jsonld.canonize(document, {
        algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader, safe: true, base: null
      });
      answers.push({text});
    } catch(error) {
      answers.push({refused: `${error.message} ${JSON.stringify(error.details?.event?.code ?? error.details?.code ?? '')}`});
    }
  }
  return {answers};
}

await main(import.meta.url, {canonicalize, read});
