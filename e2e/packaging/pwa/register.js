await navigator.serviceWorker.register('/sw.js')
