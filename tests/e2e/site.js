// site.js - a site of files whose answers can be told for each of them.
//   node site.js DIR LOG PORT ADDRESS...
//
// A request for /a.html at host.example is answered with DIR/host.example/a.html
// ("/" is index.html), or with any.html of the host where there is no such file.
// In a page %COUNT% becomes how often it was asked for, and each %DAY% another
// day. Beside a file may lie another one with its name and ".how", lines of it:
//
//     status 503         200 else; 404 where there is no file
//     times 2            all this holds for the first 2 requests alone
//     wait 300           ms before the answer
//     Name: value        a header, once for each line
//
// An ETag or Last-Modified that the request names gives 304. The log has a
// line of JSON for each answer: begin (the request is there) and end (before the
// answer is sent), ms; address, host, url, status, and what the request said of
// ETag and date.
'use strict';
const fs = require('fs');
const http = require('http');

const [dir, log, port, ...addresses] = process.argv.slice(2);
const asked = new Map();
let days = 0;

function read(file) {
    try {
        return fs.readFileSync(file);
    } catch (e) {
        return null;
    }
}

function howOf(file, count) {
    const how = {status: 0, wait: 0, headers: []};
    const lines = (read(file + '.how') || '').toString().split('\n');
    const times = lines.find((line) => line.startsWith('times '));

    if (times && count > Number(times.slice(6)))
        return how;
    for (const line of lines) {
        const header = /^([A-Za-z-]+): *(.*)$/.exec(line);
        const [word, value] = line.split(' ');

        if (header)
            how.headers.push(header.slice(1));
        else if (word === 'status' || word === 'wait')
            how[word] = Number(value);
    }
    return how;
}

function nextDay() {
    return new Date(Date.UTC(2031, 0, ++days)).toISOString().slice(0, 10);
}

function fill(body, count) {
    return body.toString().replaceAll('%COUNT%', count)
        .replaceAll('%DAY%', nextDay);
}

function header(how, name) {
    const found = how.headers.find(([key]) => key.toLowerCase() === name);

    return found && found[1];
}

function isKnown(how, request) {
    const etag = request.headers['if-none-match'];
    const date = request.headers['if-modified-since'];

    return (etag && etag === header(how, 'etag')) ||
        (!etag && date && date === header(how, 'last-modified'));
}

function answer(request, response, file, how, count, begin) {
    let body = read(file) || read(`${dir}/${hostOf(request)}/any.html`);
    const type = /\.(xml|rss)$/.test(file) ? 'text/xml'
        : /\.txt$/.test(file) ? 'text/plain' : 'text/html; charset=utf-8';
    let status = how.status || (body === null ? 404 : 200);

    if (status === 200 && isKnown(how, request))
        status = 304;
    if (/\.html$/.test(file) || !read(file))
        body = body && fill(body, count);
    response.statusCode = status;
    if (!header(how, 'content-type'))
        response.setHeader('Content-Type', type);
    for (const [name, value] of how.headers)
        response.appendHeader(name, value);
    keep(request, response, begin);
    response.end(status === 304 ? undefined : body || 'none');
}

function hostOf(request) {
    return (request.headers.host || '').replace(/:\d+$/, '');
}

function keep(request, response, begin) {
    fs.appendFileSync(log, JSON.stringify({
        begin, end: Date.now(), address: request.socket.localAddress,
        host: hostOf(request), url: request.url, status: response.statusCode,
        etag: request.headers['if-none-match'] || '',
        date: request.headers['if-modified-since'] || '',
    }) + '\n');
}

function serve(request, response) {
    const begin = Date.now();
    const host = hostOf(request);
    const path = request.url.replace(/\?.*/, '').replace(/\/$/, '/index.html');
    const file = `${dir}/${host}${path}`;
    const count = (asked.get(host + request.url) || 0) + 1;
    const how = howOf(file, count);

    asked.set(host + request.url, count);
    setTimeout(() => answer(request, response, file, how, count, begin),
        how.wait);
}

let left = addresses.length;
for (const address of addresses)
    http.createServer({keepAliveTimeout: 60000}, serve)
        .listen(Number(port), address, () => {
            if (--left === 0)
                console.log('ready');
        });
