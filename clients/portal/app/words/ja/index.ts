import checkups from './checkups.json';
import common from './common.json';
import costs from './costs.json';
import home from './home.json';
import problems from './problems.json';
import programs from './programs.json';
import signIn from './sign-in.json';
import vitals from './vitals.json';
import walking from './walking.json';

export default { checkups, common, costs, home, problems, programs, 'sign-in': signIn, vitals, walking };
