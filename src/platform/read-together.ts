/** Reads that requests make at the same time, made by one statement for all of them. */
import type { Knex } from 'knex';

import { createBatcher } from './batching';
import { isInTransaction, readingWhere, replicaInUse } from './database';

export interface ReadOptions<Input, Output> {
  name: string;
  /** Reads all of them. Resolves with one answer per input, in their order; what it throws fails all of them. */
  work: (inputs: Input[]) => Promise<Output[]>;
  /** How many share a round at most: what they ask for must fit into one statement (SQLite takes 32,766 values). */
  maxSize: number;
}

interface Question<Input> {
  input: Input;
  replica: Knex | undefined;
}

const MAX_ROUNDS_IN_FLIGHT = 4;
/** A round that takes longer is overtaken: one heavy question must not hold up the light ones behind it. */
const OVERTAKE_AFTER_MS = 20;

/** Questions that go to the same database, with their places among all. */
function byReplica<Input>(questions: Question<Input>[]): Map<Knex | undefined, number[]> {
  const groups = new Map<Knex | undefined, number[]>();
  questions.forEach(({ replica }, index) => {
    groups.set(replica, [...(groups.get(replica) ?? []), index]);
  });
  return groups;
}

/**
 * A reading that shares its statement with others that are asked meanwhile, each on the replica its caller reads from or on the
 * primary. It begins after it was asked for, so what it brings is never older. Inside a transaction it reads there, alone.
 */
export function createReader<Input, Output>({
  name,
  work,
  maxSize,
}: ReadOptions<Input, Output>): (input: Input) => Promise<Output> {
  const answer = async (questions: Question<Input>[]): Promise<(Output | Error)[]> => {
    const answers = new Array<Output | Error>(questions.length);
    const readGroup = async (replica: Knex | undefined, indexes: number[]): Promise<void> => {
      try {
        const inputs = indexes.map((index) => questions[index]!.input);
        const found = await readingWhere(replica, () => work(inputs));
        indexes.forEach((index, place) => (answers[index] = found[place] as Output));
      } catch (error) {
        // A replica that fails fails nobody who reads elsewhere.
        const failure = error instanceof Error ? error : new Error(String(error));
        for (const index of indexes) answers[index] = failure;
      }
    };
    await Promise.all([...byReplica(questions)].map(([replica, indexes]) => readGroup(replica, indexes)));
    return answers;
  };
  const ask = createBatcher<Question<Input>, Output>({
    name,
    work: answer,
    maxSize,
    maxInFlight: MAX_ROUNDS_IN_FLIGHT,
    patienceMs: OVERTAKE_AFTER_MS,
  });
  const readAlone = async (input: Input): Promise<Output> => (await work([input]))[0] as Output;
  return (input) => (isInTransaction() ? readAlone(input) : ask({ input, replica: replicaInUse() }));
}
