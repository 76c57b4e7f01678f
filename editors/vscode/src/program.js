// The program itsupc, run once for an answer.
'use strict';

const { execFile } = require('child_process');
const fs = require('fs/promises');
const os = require('os');
const path = require('path');

const MOST = 16 * 1024 * 1024;

// { out, err }; what could not be run is told in err.
function answerOf(program, words, folder) {
  return new Promise(resolve => {
    execFile(program, words, { cwd: folder, maxBuffer: MOST }, (error, out, err) => {
      const failed = error && typeof error.code !== 'number';
      resolve({ out, err: failed ? `${program}: ${error.message}\n` : err });
    });
  });
}

async function filesBelow(folder, below = '') {
  const found = [];
  for (const entry of await fs.readdir(path.join(folder, below), { withFileTypes: true })) {
    const name = path.posix.join(below, entry.name);
    if (entry.isDirectory() && entry.name !== '.itsupc') found.push(...await filesBelow(folder, name));
    else if (entry.isFile()) found.push(name);
  }
  return found.sort();
}

// What the file becomes, as one text: it is built, with what lies beside it, into a folder that goes again.
async function generatedOf(program, file) {
  const into = await fs.mkdtemp(path.join(os.tmpdir(), 'itsup-'));
  try {
    const answer = await answerOf(program, ['build', '--color', 'never', '-o', into, '.'], path.dirname(file));
    const names = await filesBelow(into);
    if (!names.length) return answer.err.replace(/^/gm, '# ');
    const parts = names.map(async name => `# ---- ${name}\n${await fs.readFile(path.join(into, name), 'utf8')}`);
    return (await Promise.all(parts)).join('\n');
  } finally {
    await fs.rm(into, { recursive: true, force: true });
  }
}

module.exports = { answerOf, generatedOf };
