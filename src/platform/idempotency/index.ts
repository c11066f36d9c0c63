export * from './claim-answers';
export * from './keys';
export * from './route';
