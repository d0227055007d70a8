// Starts Blazor so that it tries to reconnect for ever, and holds the two things that must work without a circuit: the
// light/dark switch and the skip link.
(() => {
  const shortestWait = 500;
  const longestWait = 5000;

  Blazor.start({
    circuit: {
      reconnectionOptions: {
        maxRetries: Number.MAX_SAFE_INTEGER,
        retryIntervalMilliseconds: attempt => Math.min(longestWait, shortestWait * 2 ** Math.min(attempt, 10)),
      },
    },
  });

  // The server answers again, but no longer knows this circuit: only a new page can go on.
  const notice = document.getElementById('components-reconnect-modal');
  new MutationObserver(() => {
    if (notice.classList.contains('components-reconnect-rejected')) location.reload();
  }).observe(notice, { attributeFilter: ['class'] });

  const dark = matchMedia('(prefers-color-scheme: dark)');

  function shownTheme() {
    return document.cookie.match(/(?:^|; )portal-theme=(light|dark)/)?.[1] ?? (dark.matches ? 'dark' : 'light');
  }

  function show(theme) {
    document.cookie = `portal-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    document.querySelector('meta[name=color-scheme]').content = theme;
    for (const sheet of document.querySelectorAll('[data-theme-sheet]')) sheet.media = sheet.dataset.themeSheet === theme ? 'all' : 'not all';
  }

  document.addEventListener('click', event => {
    if (event.target.closest('[data-theme-switch]')) show(shownTheme() === 'dark' ? 'light' : 'dark');
    if (event.target.closest('a.skip')) {
      event.preventDefault();
      document.getElementById('content').focus();
    }
    if (event.target.closest('a.reload')) {
      event.preventDefault();
      location.reload();
    }
  });
})();
