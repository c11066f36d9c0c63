export * from './client-address';
export * from './paths';
export * from './text-guard';
export * from './outside-call';
export * from './public-url';
export * from './entrance';
