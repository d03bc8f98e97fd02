import { apportionApp } from './apportion-app.ts';

apportionApp().app.synth();
