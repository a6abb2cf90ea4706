// The oracles in one process, for as long as stdin stays open. A line of JSON in, a line of JSON out:
//
// {oracle: 'vc-jwt' | 'data-integrity' | 'dcql' | 'did-peer' | 'rdfc' | 'sd-jwt' | 'status' | 'webvh', command, input} ->
// {answer} or, where it was called wrongly, {fault}
import * as dataIntegrity from './data-integrity.mjs';
import * as dcql from './dcql.mjs';
import * as didPeer from './did-peer.mjs';
import * as rdfc from './rdfc.mjs';
import * as sdJwt from './sd-jwt.mjs';
import * as status from './status.mjs';
import * as vcJwt from './vc-jwt.mjs';
import * as webvh from './webvh.mjs';
import {createInterface} from 'node:readline';

const ORACLES = {
  dcql, 'data-integrity': dataIntegrity, 'did-peer': didPeer, rdfc, 'sd-jwt': sdJwt, status, 'vc-jwt': vcJwt, webvh};

for await (const line of createInterface({input: process.stdin})) {
  process.stdout.write(JSON.stringify(await reply(line)) + '\n');
}

async function reply(line) {
  try {
    const {oracle, command, input} = JSON.parse(line);
    return {answer: await ORACLES[oracle][command](input)};
  } catch(error) {
    return {fault: error.stack};
  }
}
