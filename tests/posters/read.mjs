// The posters of posters.txt: [{name, look, way, claims, parts: [[mark, text]]}].
import { readFileSync } from 'node:fs';

const MARKS = '#-|!<.';

function takePart(line) {
    if (line.startsWith('## '))
        return ['##', line.slice(3)];
    if (MARKS.includes(line[0]) && line[1] === ' ')
        return [line[0], line.slice(2)];
    return ['', line];
}

export function readPosters(path) {
    const posters = [];
    for (const line of readFileSync(path, 'utf8').split('\n')) {
        const text = line.trim();
        if (text.startsWith('@ ')) {
            const [name, look, way, ...claims] = text.slice(2).split(' ');
            posters.push({ name, look, way, claims, parts: [] });
        } else if (text && posters.length > 0) {
            posters.at(-1).parts.push(takePart(text));
        }
    }
    return posters;
}

// What is to be read: the lines of text, without what only draws.
export function goldLines(poster) {
    return poster.parts.map(([mark, text]) => (mark === '|' ? text.replaceAll(' | ', ' ') : text));
}

// Nothing happened to it on its way: a file as it was made.
export const isClean = ({ way }) => way === 'clean' || way === 'pdf';
