/** The bucket of the media library, as metrics, logs and errors name it among the outside services. */
export const FILE_STORE = 'files';
