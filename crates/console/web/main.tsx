import { render } from 'preact';
import { follow } from './router';
import { begin } from './settings';
import { Shell } from './shell';

begin();
follow();
const place = document.getElementById('app');
if (place) render(<Shell />, place);
