import archive from './archive.json';
import camera from './camera.json';
import checkups from './checkups.json';
import common from './common.json';
import consents from './consents.json';
import costs from './costs.json';
import erasure from './erasure.json';
import exchange from './exchange.json';
import family from './family.json';
import former from './former.json';
import guidance from './guidance.json';
import home from './home.json';
import healthFile from './import.json';
import messages from './messages.json';
import notes from './notes.json';
import openings from './openings.json';
import own from './own.json';
import participation from './participation.json';
import points from './points.json';
import problems from './problems.json';
import profile from './profile.json';
import programs from './programs.json';
import shared from './shared.json';
import signIn from './sign-in.json';
import statement from './statement.json';
import vitals from './vitals.json';
import walking from './walking.json';
import ways from './ways.json';

export default {
  archive, camera, checkups, common, consents, costs, erasure, exchange, family, former, guidance, home, import: healthFile, messages, notes, openings, own, participation, points, problems, profile, programs, shared, 'sign-in': signIn, statement, vitals, walking, ways,
};
