// Reads WARC files by npm's warcio and prints a JSON line for each record, with
// what its digests say. Only warcio parses here; the digests are made by node.
//   node read.mjs WARCIO FILE...
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pathToFileURL } from "node:url";

const [warcio, ...files] = process.argv.slice(2);
const { WARCParser } = await import(pathToFileURL(warcio));

function base32(bytes) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...bytes].map((b) => b.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{1,5}/g)
    .map((b) => alphabet[parseInt(b.padEnd(5, "0"), 2)]).join("");
}

// true, false, or null where nothing is stated.
function holds(stated, bytes) {
  if (!stated) return null;
  const [algorithm, text] = stated.split(":");
  const digest = createHash(algorithm.replace("-", "")).update(bytes).digest();
  return text === digest.toString("hex") || text === base32(digest);
}

function payloadOf(record, block) {
  if (!record.warcContentType?.startsWith("application/http")) return block;
  const end = Buffer.from(block).indexOf("\r\n\r\n");
  return block.subarray(end + 4);
}

async function rawRecords(file) {
  const records = [];
  const parser = new WARCParser(createReadStream(file),
    { strictHeaders: true, parseHttp: false });
  for await (const record of parser) {
    const block = await record.readFully(false);
    const header = (name) => record.warcHeader(name) ?? null;
    records.push({
      type: record.warcType,
      version: record.warcHeaders.statusline,
      url: record.warcTargetURI ?? null,
      id: header("WARC-Record-ID"),
      info: header("WARC-Warcinfo-ID"),
      concurrent: header("WARC-Concurrent-To"),
      refers: header("WARC-Refers-To"),
      refersUri: header("WARC-Refers-To-Target-URI"),
      refersDate: header("WARC-Refers-To-Date"),
      profile: header("WARC-Profile"),
      truncated: header("WARC-Truncated"),
      protocol: header("WARC-Protocol"),
      date: record.warcDate,
      bytes: block.length,
      block: holds(header("WARC-Block-Digest"), block),
      payload: record.warcType === "revisit" ? null
        : holds(header("WARC-Payload-Digest"), payloadOf(record, block)),
    });
  }
  return records;
}

// The text as a replay would show it: content-coding undone.
async function texts(file) {
  const out = [];
  for await (const record of new WARCParser(createReadStream(file)))
    out.push({ status: record.httpHeaders?.statusCode ?? null,
      text: await record.contentText() });
  return out;
}

for (const file of files) {
  const [records, shown] = [await rawRecords(file), await texts(file)];
  records.forEach((record, i) =>
    console.log(JSON.stringify({ ...record, ...shown[i] })));
}
