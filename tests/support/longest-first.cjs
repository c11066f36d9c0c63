const Sequencer = require('@jest/test-sequencer').default;

// Without a cache of earlier runs jest guesses a suite's length from the size of its file. These are short to read and long to run:
// begun last, one core would wait for them alone.
const LONG = [
  'concurrency/races',
  'concurrency/',
  'back-office-secrets',
  'bad-input-panel',
  'money-deadline',
  'reconciliation',
  'audit',
];

const rank = ({ path }) => {
  const place = LONG.findIndex((part) => path.includes(part));
  return place === -1 ? LONG.length : place;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    return [...usual].sort((one, other) => rank(one) - rank(other));
  }
};
