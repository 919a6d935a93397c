/** Shows where the API is; the screens of the page replace it. */
document.documentElement.dataset.ready = "true";
