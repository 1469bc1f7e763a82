// Sets the remembered colour theme before anything is drawn; not a module, so that it blocks.
try {
  const theme = localStorage.getItem('althing.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's preference holds.
}
