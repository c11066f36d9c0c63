export { bucketOptions } from './bucket-options';
export { FILE_KINDS } from './file-kinds';
export { guardUploads } from './guard-uploads';
export { setFileHeaders } from './serving';
