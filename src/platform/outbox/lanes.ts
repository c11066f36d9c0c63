import type { DueMessage, OutboxMessage } from './claim';
import { type Lane, LANES, type Topic } from './topic';

/** What one worker holds of one lane. */
interface LaneState {
  name: Lane;
  topics: string[];
  queue: OutboxMessage[];
  active: number;
  /** The last look left due messages behind. */
  hasMore: boolean;
}

/** The slots of one worker: which lanes have room, what runs next in each. */
export interface Lanes {
  /** How many messages of each lane can be taken now; lanes that are well filled have no room. */
  rooms(): Map<Lane, number>;
  topicsOf(lane: Lane): readonly string[];
  laneOf(topic: string): Lane;
  noteMore(lane: Lane, hasMore: boolean): void;
  add(messages: OutboxMessage[]): void;
  /** True when a lane ran low and the last look left some of its messages behind. */
  isHungry(): boolean;
  /** Takes what has not begun out of the queues. */
  empty(): OutboxMessage[];
  drop(message: OutboxMessage): void;
}

/** One of each topic in turn: within a lane many messages of one topic do not hold up another. */
export function inTurn(due: DueMessage[]): DueMessage[] {
  const byTopic = new Map<string, DueMessage[]>();
  for (const message of due) byTopic.set(message.topic, [...(byTopic.get(message.topic) ?? []), message]);
  const queues = [...byTopic.values()];
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? [])).flat();
}

/** Runs messages with `run`, in each lane as many at once as it has slots. */
export function createLanes(
  topics: Record<string, Topic>,
  run: (message: OutboxMessage) => Promise<void>,
  onFreeSlot: () => void,
): Lanes {
  const names = Object.keys(LANES) as Lane[];
  const states = new Map(
    names.map((name): [Lane, LaneState] => [
      name,
      {
        name,
        topics: Object.keys(topics).filter((topic) => topics[topic]?.lane === name),
        queue: [],
        active: 0,
        hasMore: false,
      },
    ]),
  );
  const stateOf = (lane: Lane): LaneState => states.get(lane) as LaneState;
  const laneOf = (topic: string): Lane => topics[topic]?.lane ?? 'upkeep';

  const isLow = ({ name, queue }: LaneState): boolean => queue.length <= LANES[name].ahead / 2;

  const fillSlots = (state: LaneState): void => {
    while (state.active < LANES[state.name].slots) {
      const message = state.queue.shift();
      if (message === undefined) return;
      state.active += 1;
      void run(message).finally(() => {
        state.active -= 1;
        fillSlots(state);
        onFreeSlot();
      });
    }
  };

  return {
    rooms() {
      const room = (state: LaneState): number =>
        isLow(state)
          ? LANES[state.name].slots - state.active + LANES[state.name].ahead - state.queue.length
          : 0;
      return new Map([...states.values()].map((state) => [state.name, room(state)]));
    },
    topicsOf: (lane) => stateOf(lane).topics,
    laneOf,
    noteMore: (lane, hasMore) => void (stateOf(lane).hasMore = hasMore),
    add(messages) {
      for (const message of messages) stateOf(laneOf(message.topic)).queue.push(message);
      for (const state of states.values()) fillSlots(state);
    },
    isHungry: () => [...states.values()].some((state) => state.hasMore && isLow(state)),
    empty: () => [...states.values()].flatMap(({ queue }) => queue.splice(0)),
    drop(message) {
      const { queue } = stateOf(laneOf(message.topic));
      const place = queue.indexOf(message);
      if (place >= 0) queue.splice(place, 1);
    },
  };
}
