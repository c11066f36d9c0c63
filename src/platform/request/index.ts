export * from './context';
export * from './parse';
export * from './present';
export * from './signed-in-user';
export * from './path-id';
export * from './preference';
