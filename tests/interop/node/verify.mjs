// An independent verifier: @digitalbazaar/vc with its eddsa-rdfc-2022 suite.
// Standard input, one JSON value a line: first {"documents": {url: document}, "now"} (contexts, and whatever should not
// be fetched; the moment to judge at, if not this one), then credentials. Whatever is not in that map is fetched over
// HTTP, from loopback only: a did:web by its own rule (with http, since the host is this machine), a status list by its
// URL.
// Standard output, one line a credential: {"verified", "revoked", "error"}.
import {createInterface} from 'node:readline';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {verifyCredential} from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

const documents = new Map();
let now;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function didWebUrl(did) {
  const [host, ...path] = did.split(':').slice(2).map(decodeURIComponent);
  return `http://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

async function fetchJson(url) {
  if(!LOOPBACK.has(new URL(url).hostname)) {
    throw new Error(`not fetched: ${url}`);
  }
  const response = await fetch(url, {headers: {accept: 'application/vc+ld+json, application/did+json, application/json'}});
  if(!response.ok) {
    throw new Error(`${url}: HTTP ${response.status}`);
  }
  return response.json();
}

async function load(url) {
  if(!documents.has(url)) {
    documents.set(url, await fetchJson(url.startsWith('did:web:') ? didWebUrl(url) : url));
  }
  return documents.get(url);
}

async function documentLoader(url) {
  const [address, fragment] = url.split('#');
  const document = await load(url.startsWith('did:') ? address : url);
  if(!url.startsWith('did:') || !fragment) {
    return {contextUrl: null, documentUrl: url, document};
  }
  const method = document.verificationMethod.find(({id}) => id === url);
  if(!method) {
    throw new Error(`${address} publishes no ${fragment}`);
  }
  const context = 'https://w3id.org/security/multikey/v1';
  return {contextUrl: null, documentUrl: url, document: {'@context': context, ...method}};
}

function reason(error) {
  const parts = [error?.message, ...(error?.errors ?? []).map(reason)];
  return parts.filter(Boolean).join(': ');
}

async function judge(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await verifyCredential({credential, suite, documentLoader, checkStatus, now});
  const statuses = result.statusResult?.results ?? [];
  const error = result.error ?? result.statusResult?.error;
  return {
    verified: result.verified,
    revoked: statuses.some(({status}) => status === true),
    error: result.verified ? null : reason(error) || 'not verified'
  };
}

for await (const line of createInterface({input: process.stdin})) {
  const value = JSON.parse(line);
  if(value.documents) {
    Object.entries(value.documents).forEach(([url, document]) => documents.set(url, document));
    now = value.now ? new Date(value.now) : undefined;
    continue;
  }
  console.log(JSON.stringify(await judge(value)));
}
