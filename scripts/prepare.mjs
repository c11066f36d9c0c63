// Runs at the end of every install. Sets up the commit hook in a git checkout of a developer; anywhere else (continuous
// integration, a container, a tarball, an install without development packages) it does nothing, and it never fails an install.
import { existsSync } from 'fs';

if (!process.env.CI && process.env.NODE_ENV !== 'production' && existsSync('.git')) {
  import('husky')
    .then(function (husky) {
      var problem = husky.default();
      if (problem) console.log('husky: ' + problem);
    })
    .catch(function () {});
}
