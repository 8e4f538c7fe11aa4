import '@fontsource/noto-sans/latin-400.css';
import '@fontsource/noto-sans/latin-700.css';
import './style/page.css';
import './style/patient.css';
import './style/console.css';
import './style/prescription.css';
import { render } from 'preact';
import { Choose } from './choose';
import { Console } from './console/console';
import { Role } from './gen/plinth/v1/plinth_pb';
import { Patient } from './patient/patient';
import { text } from './text/text';
import { connect } from './wire/station';

const root = document.getElementById('app')!;
document.title = text('app-name');

switch (location.pathname) {
  case '/patient':
    connect(Role.PATIENT);
    render(<Patient />, root);
    break;
  case '/console':
    connect(Role.CONSOLE);
    render(<Console />, root);
    break;
  default:
    render(<Choose />, root);
}
