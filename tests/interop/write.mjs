// Writes WARC files by npm's warcio, for our reader: a page, its request, a
// revisit of it, a page that is chunked and gzipped.
//   node write.mjs WARCIO DIR
import { createWriteStream } from "node:fs";
import { gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";

const [warcio, dir] = process.argv.slice(2);
const { WARCRecord, WARCSerializer } = await import(pathToFileURL(warcio));

const url = "http://stall.example/gold.html";
const bytes = (text) => [new TextEncoder().encode(text)];

function chunked(text) {
  const body = gzipSync(text);
  const half = body.length >> 1;
  const chunk = (b) => Buffer.concat(
    [Buffer.from(`${b.length.toString(16)}\r\n`), b, Buffer.from("\r\n")]);
  return [Buffer.concat([chunk(body.subarray(0, half)),
    chunk(body.subarray(half)), Buffer.from("0\r\n\r\n")])];
}

function records(warcVersion) {
  const html = { "Content-Type": "text/html" };
  const date = "2024-05-06T07:08:09Z";
  return [
    WARCRecord.createWARCInfo({ warcVersion, filename: "x.warc" },
      { software: "warcio" }),
    WARCRecord.create({ url, date, type: "response", warcVersion,
      httpHeaders: html }, bytes("<p>gold</p>")),
    WARCRecord.create({ url, date, type: "request", warcVersion,
      statusline: "GET /gold.html HTTP/1.1", httpHeaders: { Host: "a" } }),
    WARCRecord.create({ url, date: "2024-06-06T07:08:09Z", type: "revisit",
      warcVersion, httpHeaders: { ...html, "X-Seen": "again" },
      refersToUrl: url, refersToDate: date }, bytes("<p>gold</p>")),
    WARCRecord.create({ url: "http://stall.example/chunked", date,
      type: "response", warcVersion, httpHeaders: { ...html,
        "Transfer-Encoding": "chunked", "Content-Encoding": "gzip" } },
    chunked("<p>in pieces</p>")),
    WARCRecord.create({ url: "urn:x:note", date, type: "metadata",
      warcVersion }, bytes("a: b\r\n")),
  ];
}

async function write(name, version, options) {
  const out = createWriteStream(`${dir}/${name}`);
  for (const record of records(version))
    out.write(await WARCSerializer.serialize(record, options));
  await new Promise((done) => out.end(done));
}

const sha1 = { algo: "sha-1", prefix: "sha1:", base32: true };
await write("v10.warc.gz", "WARC/1.0", { gzip: true, digest: sha1 });
await write("v11.warc.gz", "WARC/1.1", { gzip: true });
await write("v11.warc", "WARC/1.1", { gzip: false });
