/** What Strapi would announce to every member of staff until each of them has closed it. */
const CLOSED = ['STRAPI_MEDIA_LIBRARY_BANNER_DISMISSED_FOR_false'];
/** Strapi adds its installation id, which this shop does not have. */
const WITHOUT_INSTALLATION_ID = ['false', 'undefined', 'null'];

/** Closes Strapi's announcements before they are shown. */
export function closeAnnouncements(): void {
  for (const key of CLOSED) {
    for (const scope of WITHOUT_INSTALLATION_ID) window.localStorage.setItem(`${key}:${scope}`, 'true');
  }
}
