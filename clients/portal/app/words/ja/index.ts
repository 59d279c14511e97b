import common from './common.json';
import home from './home.json';
import problems from './problems.json';

export default { common, home, problems };
